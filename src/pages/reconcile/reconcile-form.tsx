import { reportedPopulations } from '../../jobs/index.ts'
import { populationName } from '../measure/counts.ts'
import { Command } from '../parts/notice.tsx'
import { Panel } from '../parts/panel.tsx'

/** Where a report of an EHR is given: a list (file or text), or counts alone. Nothing of it is kept. */
export const ReconcileForm = ({
  action,
  sources,
}: {
  readonly action: string
  readonly sources: readonly string[]
}) => (
  <Panel
    id="report-of-ehr"
    title="The EHR’s own report"
    note="Compared and forgotten: the report is not stored. Who looked at whom is written down, as everywhere."
  >
    <form method="post" action={action} enctype="multipart/form-data" class="form">
      <div class="field">
        <label for="reconcile-source">Source whose EHR made it</label>
        <select id="reconcile-source" name="source" required>
          {sources.map((source) => (
            <option value={source}>{source}</option>
          ))}
        </select>
      </div>
      <fieldset class="form-part">
        <legend>The list: who is in which population</legend>
        <p class="small soft">
          CSV (commas, semicolons or tabs) with a line per patient. One column names the patient (patient id or any
          identifier of the chart), the others a population each, with 1 or 0.
        </p>
        <Command text={'mrn,denominator,numerator\n10045,1,0\n10046,1,1'} />
        <div class="field">
          <label for="reconcile-file">File</label>
          <input id="reconcile-file" type="file" name="file" accept=".csv,text/csv,text/plain" />
        </div>
        <div class="field">
          <label for="reconcile-list">Or paste it</label>
          <textarea id="reconcile-list" name="list" rows={5} spellcheck={false} />
        </div>
      </fieldset>
      <fieldset class="form-part">
        <legend>Or the counts alone</legend>
        <div class="filter-grid">
          {reportedPopulations.map((code) => (
            <div class="field">
              <label for={`reconcile-${code}`}>{populationName(code)}</label>
              <input id={`reconcile-${code}`} name={code} type="number" min={0} />
            </div>
          ))}
        </div>
      </fieldset>
      <p class="actions">
        <button class="button button-primary" type="submit">
          Compare
        </button>
      </p>
    </form>
  </Panel>
)
