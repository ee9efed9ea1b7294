import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import type { PageRequest, PageView } from '../site.tsx'

/** What the site is, what it keeps about whom, and under which licence. */
export async function aboutPage({ site }: PageRequest): Promise<PageView> {
  const { measures } = site.application
  const content = (
    <>
      <PageHead
        title="About caregap"
        lead="CQL quality measures and care gaps over the records of several EHRs, for everybody at night and for one patient in the chart."
      />
      <div class="columns">
        <PrivacyPanel />
        <NumbersPanel />
        <Panel id="measures" title="Installed measures">
          {measures.length === 0 ? (
            <p>None.</p>
          ) : (
            <ul class="plain-list">
              {measures.map((measure) => (
                <li>
                  <a href={`/measures/${encodeURIComponent(measure.id)}`}>{measure.title}</a>{' '}
                  <span class="small soft">{measure.version}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <div class="stack">
          <Panel id="programs" title="For programs">
            <p>
              <a href="/developers">The API</a>, as its OpenAPI document tells it; FHIR and CDS Hooks beside it.
            </p>
          </Panel>
          <Panel id="licence" title="Licence">
            <div class="stack-tight">
              <p>caregap is free software under the Apache License, version 2.0, without warranty of any kind.</p>
              <p>
                It supports decisions and makes none: whoever treats the patient decides. Code systems keep the licences
                of their owners.
              </p>
            </div>
          </Panel>
        </div>
      </div>
    </>
  )
  return { title: 'About', section: 'about', content }
}

function PrivacyPanel() {
  return (
    <Panel id="privacy" title="Privacy">
      <div class="stack-tight">
        <p>
          Pages about people show protected health information to users whose role and practice allow it. Each such
          page, list and export is recorded with the user, the time and the people it named.
        </p>
        <p>
          The pages load nothing from elsewhere and work with script off; one script keeps the progress of runs up to
          date. One cookie keeps your choice of colours. Pages about people are not kept by the browser’s cache.
        </p>
        <p>
          The scorecard and the pages of measures hold counts only. Whoever may see all of the people gets exact counts,
          marked “Not for release”; everybody else gets none of one to ten people, and none that would tell one.
        </p>
      </div>
    </Panel>
  )
}

function NumbersPanel() {
  return (
    <Panel id="numbers" title="How the numbers are made">
      <div class="stack-tight">
        <p>
          Each measure is a FHIR Measure with its logic in CQL. The logic runs as written for each person over the
          merged record of all sources; a person whose evaluation fails is listed and counted in no rate.
        </p>
        <p>
          Rates are the numerator among those counted: the denominator less exclusions and exceptions. Intervals are
          Wilson’s score intervals at 95%.
        </p>
        <p>
          Every page of results names its run, and every run its data, logic and terminology by hash, so that the same
          number can be made again.
        </p>
      </div>
    </Panel>
  )
}
