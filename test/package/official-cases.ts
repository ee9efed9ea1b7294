import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { defaultConfig, silentLogger, silentProgress, unwrap } from '../../src/base/index.ts'
import { addPackage, loadContent } from '../../src/content/index.ts'
import { createApplication, loadData } from '../../src/jobs/index.ts'
import { openStore, type ResultLine, resultLines } from '../../src/store/index.ts'
import { bundleFile, clock, scratch } from './package-kit.ts'
import { linesOf, publishedPackage, testData } from './published-content.ts'

/** One line of what is expected of a case; `malformed` ones contradict each other in the published report. */
export interface Expected {
  readonly measure: string
  readonly patientId: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly group?: string
  readonly kind: 'population' | 'observation' | 'stratifier'
  readonly code: string
  readonly id: string
  readonly count: number
  readonly value: number
  readonly stratifierId: string
  readonly stratum: string
  readonly malformed?: boolean
}

const allExpected = () => (expectedLines ??= linesOf('expected.ndjson.gz') as readonly Expected[])
let expectedLines: readonly Expected[] | undefined

/** What is expected of each patient of a measure. */
export function expectedOf(measure: string): ReadonlyMap<string, readonly Expected[]> {
  const byPatient = new Map<string, Expected[]>()
  for (const line of allExpected().filter((one) => one.measure === measure)) {
    byPatient.set(line.patientId, [...(byPatient.get(line.patientId) ?? []), line])
  }
  return byPatient
}

/** An empty store with a published measure, what it needs, and its cases as a source sends them; the caller closes it. */
export async function loadPublished(measure: string) {
  const store = await openStore({ path: ':memory:' })
  const context = { session: store.session }
  const bundle = bundleFile(publishedPackage(measure), `${measure}.json`)
  for (const path of [join(testData, 'modelinfo'), bundle]) unwrap(await addPackage(path, context, clock))
  const content = await loadContent({ session: store.session, ids: [measure] })
  const path = casesFolder(measure)
  await loadData(store, { path, source: 'cases', config: defaultConfig, progress: silentProgress })
  return { store, content, period: periodOf(measure) }
}

function periodOf(measure: string) {
  const [first] = [...expectedOf(measure).values()].flat()
  return { start: first?.periodStart ?? '', end: first?.periodEnd ?? '', timeZone: 'UTC' }
}

/** Evaluates everybody by the engine of runs (SQL), and gives the lines that `caregap results` prints, by patient. */
export async function runPublished(measure: string) {
  const { store, content, period } = await loadPublished(measure)
  try {
    const { measures, refused, valueSets } = content
    const options = {
      store,
      config: defaultConfig,
      clock,
      logger: silentLogger,
      measures,
      refused,
      valueSets,
      workers: 0,
    }
    const application = await createApplication(options)
    const run = await application.evaluateRun({ measures: [measure], period }, silentProgress)
    const lines = new Map<string, ResultLine[]>()
    for await (const line of resultLines(store.session, run)) {
      lines.set(line.patientId, [...(lines.get(line.patientId) ?? []), line])
    }
    return { lines, content }
  } finally {
    store.close()
  }
}

/** The resource files of a measure's cases, without the list of cases beside them. */
function casesFolder(measure: string): string {
  const from = join(testData, 'ecqm', 'cases', measure)
  const to = mkdtempSync(join(scratch, 'cases-'))
  for (const file of readdirSync(from).filter((name) => name !== 'cases.ndjson.gz')) {
    symlinkSync(join(from, file), join(to, file))
  }
  return to
}

/** Where the lines of a patient differ from what is expected, one text for each place. */
export function differences(lines: readonly ResultLine[], expected: readonly Expected[]): readonly string[] {
  const [only] = lines
  if (only === undefined) return ['no result']
  if (only.error !== undefined) return [`error ${only.error.code}: ${only.error.message}`]
  const lineOf = (group: string | undefined) =>
    group === undefined && lines.length === 1 ? only : lines.find((line) => line.group === group)
  const usable = expected.filter(({ malformed, stratum }) => malformed !== true && stratum !== 'false')
  return [
    ...usable.filter(({ kind }) => kind !== 'observation').flatMap((one) => countDifference(lineOf(one.group), one)),
    ...lines.flatMap((line) => observationDifferences(line, usable)),
  ]
}

function countDifference(line: ResultLine | undefined, one: Expected): readonly string[] {
  const counts = one.kind === 'population' ? line?.populations : line?.strata[one.stratifierId]
  const got = counts?.[one.code]
  if (got === one.count) return []
  const where = [one.group, one.stratifierId, one.code].filter((part) => part !== undefined).join(' ')
  return [`${where}: expected ${one.count}, got ${got}`]
}

const text = (values: readonly number[]) => values.toSorted((a, b) => a - b).join(', ')

/** Published reports number the observations of an id: `MeasureObservation_1_1_2` is the second of its id. */
function observationDifferences(line: ResultLine, expected: readonly Expected[]): readonly string[] {
  const own = expected.filter(({ kind, group }) => kind === 'observation' && (group ?? line.group) === line.group)
  const ids = new Set([...Object.keys(line.observations), ...own.map(({ id }) => id.replace(/_\d+$/, ''))])
  return [...ids].flatMap((id) => {
    const wanted = own.filter((one) => one.id.replace(/_\d+$/, '') === id).map(({ value }) => value)
    const got = line.observations[id] ?? []
    return text(wanted) === text(got) ? [] : [`${line.group} ${id}: expected [${text(wanted)}], got [${text(got)}]`]
  })
}
