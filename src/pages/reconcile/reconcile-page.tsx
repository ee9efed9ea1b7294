import { z } from 'zod'
import { personFilter, type Route } from '../../access/index.ts'
import { CaregapError, csvLine } from '../../base/index.ts'
import { type Reconciliation, readReportedList, reconcile, reportedPopulations } from '../../jobs/index.ts'
import { readSourceQuality, readSourceResults } from '../../store/index.ts'
import { populationName } from '../measure/counts.ts'
import { MeasureHead, measureHref, type OpenMeasure, openMeasure } from '../measure/measure-frame.tsx'
import { readForm } from '../parts/form.ts'
import { Notice } from '../parts/notice.tsx'
import { type PageRequest, type PageView, renderPage, type Site } from '../site.tsx'
import { CountsTable, type ReportedCount } from './counts-table.tsx'
import { causeTitles, DifferencePanel } from './difference-panel.tsx'
import { ReconcileForm } from './reconcile-form.tsx'

/** A list is text: of 100,000 patients some three megabytes. */
const mostBytes = 10 * 1024 * 1024

/** Where an EHR's own report of a measure is held against what was found: the form. */
export async function reconcilePage(request: PageRequest): Promise<PageView> {
  request.scope.read({ pids: [] })
  const opened = await openMeasure(request, 'reconcile')
  if (!('run' in opened)) return opened
  return viewOf(opened, await sourcesOf(request), undefined)
}

/** The form's answer: what differs, person by person, with its cause; as a page or as CSV. */
export function reconcileRoute(site: Site, rule: Route['rule']): Route {
  return {
    method: 'POST',
    path: '/measures/:id/reconcile',
    rule,
    handle: async (context, scope) => {
      const request = { site, session: await site.session(), context, scope }
      const opened = await openMeasure(request, 'reconcile')
      if (!('run' in opened)) {
        scope.read({ pids: [] })
        return renderPage(context, site.stylesheet, opened, scope.principal)
      }
      const sources = await sourcesOf(request)
      try {
        return await answer(request, opened, sources)
      } catch (thrown) {
        const [diagnostic] = thrown instanceof CaregapError ? thrown.diagnostics : []
        if (diagnostic?.code !== 'reconcile/invalid-list') throw thrown
        scope.read({ pids: [] })
        const problem = `${diagnostic.message} ${diagnostic.remedy ?? ''}`
        return renderPage(context, site.stylesheet, viewOf(opened, sources, undefined, problem), scope.principal)
      }
    },
  }
}

const sourcesOf = async ({ session }: PageRequest): Promise<readonly string[]> =>
  (await readSourceQuality(session)).map(({ source }) => source)

const count = z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).optional())

const counts = z.object(Object.fromEntries(reportedPopulations.map((code) => [code, count])))

async function answer(request: PageRequest, opened: OpenMeasure, sources: readonly string[]): Promise<Response> {
  const { context, scope, session, site } = request
  const refuse = (problem: string) => {
    scope.read({ pids: [] })
    return renderPage(context, site.stylesheet, viewOf(opened, sources, undefined, problem), scope.principal)
  }
  const form = await readForm(context, mostBytes)
  const source = sources.find((name) => name === form['source'])
  if (source === undefined) return refuse('Choose the source whose EHR made the report.')
  const text = await textOf(form)
  const where = { runId: opened.run.runId, ...opened.counts, source }
  if (text.replace('\uFEFF', '').trim() === '') {
    const asked = counts.safeParse(form)
    if (!asked.success) {
      const wrong = reportedPopulations.find((code) => code === asked.error.issues[0]?.path[0])
      const count = wrong === undefined ? 'A count' : `The count of ${populationName(wrong).toLowerCase()}`
      return refuse(`${count} is a whole number that is not negative.`)
    }
    return answerCounts(request, opened, sources, source, asked.data)
  }
  const found = await reconcile(session, where, readReportedList(text), personFilter(scope.principal))
  scope.read({ pids: found.pids, measureId: opened.data.id })
  if (form['format'] === 'csv') {
    return context.body(csvOf(found), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="differences-${opened.data.id.replaceAll(/[^\w.-]/g, '_')}.csv"`,
    })
  }
  const result = (
    <DifferencePanel found={found} action={measureHref(opened.data.id, 'reconcile')} source={source} text={text} />
  )
  return renderPage(context, site.stylesheet, viewOf(opened, sources, result), scope.principal)
}

/** Counts alone: how far they are from what was found for the people of that source. */
async function answerCounts(
  request: PageRequest,
  opened: OpenMeasure,
  sources: readonly string[],
  source: string,
  asked: Readonly<Record<string, number | undefined>>,
): Promise<Response> {
  const { context, scope, session, site } = request
  const where = { runId: opened.run.runId, ...opened.counts, source }
  const results = await readSourceResults(session, where, personFilter(scope.principal))
  scope.read({ pids: results.map(({ pid }) => pid), measureId: opened.data.id })
  const rows: ReportedCount[] = reportedPopulations.flatMap((population) => {
    const reported = asked[population]
    return reported === undefined ? [] : [{ population, reported, results }]
  })
  const view = viewOf(
    opened,
    sources,
    rows.length === 0 ? undefined : <CountsTable rows={rows} source={source} />,
    rows.length === 0 ? 'Give a list, or at least one count.' : undefined,
  )
  return renderPage(context, site.stylesheet, view, scope.principal)
}

async function textOf(form: Readonly<Record<string, unknown>>): Promise<string> {
  const file = form['file']
  if (file instanceof File && file.size > 0) return file.text()
  return typeof form['list'] === 'string' ? form['list'] : ''
}

function viewOf(
  opened: OpenMeasure,
  sources: readonly string[],
  result: PageView['content'] | undefined,
  problem?: string,
): PageView {
  const { data, group } = opened
  return {
    title: `Reconcile: ${data.title}`,
    section: 'scorecard',
    ...(problem === undefined ? {} : { status: 400 }),
    content: (
      <>
        <MeasureHead data={data} group={group} current="reconcile" linked={true} />
        <div class="stack">
          {problem === undefined ? null : (
            <Notice title="The report could not be read" fault>
              <p>{problem}</p>
            </Notice>
          )}
          {result ?? null}
          <ReconcileForm action={measureHref(data.id, 'reconcile')} sources={sources} />
        </div>
      </>
    ),
  }
}

const said = (value: boolean | null): string => (value === null ? 'not listed' : value ? 'in' : 'out')

function csvOf({ differences }: Reconciliation): string {
  const heads = ['key', 'person', 'name', 'population', 'reported', 'found', 'cause', 'reason']
  const lines = differences.flatMap(({ key, pid, name, cause, sentence, populations }) =>
    populations.map(({ population, reported, found }) =>
      csvLine([key, pid, name, populationName(population), said(reported), said(found), causeTitles[cause], sentence]),
    ),
  )
  return [csvLine(heads), ...lines].join('')
}
