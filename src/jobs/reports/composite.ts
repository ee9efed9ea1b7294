import { type Diagnostic, fault } from '../../base/index.ts'
import type {
  ComponentReference,
  CompositeGroup,
  CompositeMeasure,
  InstalledMeasure,
  MeasureGroup,
} from '../../content/index.ts'
import {
  type CompositeRule,
  type CompositeScore,
  IndividualComposite,
  type MeasurementPeriod,
  type PopulationTotals,
  scoreGroup,
  weightedComposite,
} from '../../measure/index.ts'
import { compositeReport } from '../../report/index.ts'
import {
  countReportErrors,
  type MeasureRun,
  readConcernedPids,
  readErrorPids,
  readPersonCounts,
} from '../../store/index.ts'
import type { Application } from '../application.ts'
import { type MadeReport, reporterName } from './individual-reports.ts'
import { readGroupCounts, totalsOf } from './population-counts.ts'
import type { Subjects } from './subjects.ts'
import { populationSupplement } from './supplement.ts'

/** A component with the measure and group that it is. */
export interface Component {
  readonly reference: ComponentReference
  readonly measure: InstalledMeasure
  readonly group: MeasureGroup
}

export interface CompositeAsked {
  readonly composite: CompositeMeasure
  readonly period: MeasurementPeriod
  readonly subjects: Exclude<Subjects, { readonly kind: 'person' }>
  readonly parameters?: Readonly<Record<string, string>>
}

/**
 * The components of a group of a composite among the installed measures. Faults (input): `jobs/no-component` for one that is not
 * installed, or of which it is not said which version or group is meant; `jobs/component-scoring` for one whose scoring the
 * kind of composite cannot combine.
 */
export function componentsOf(
  { measures }: Pick<Application, 'measures'>,
  composite: CompositeGroup,
): readonly Component[] {
  return composite.components.map((reference) => {
    const [url, version] = reference.measure.split('|')
    const found = measures.filter((one) => one.url === url && (version === undefined || one.version === version))
    const [measure] = found
    if (measure === undefined || found.length > 1) {
      const what = measure === undefined ? 'is not installed' : 'is installed in several versions, and none is named'
      throw componentFault('jobs/no-component', reference, what)
    }
    const groups = measure.groups.filter(({ id }) => reference.groupId === undefined || id === reference.groupId)
    const [group] = groups
    if (group === undefined || groups.length > 1) {
      const what = group === undefined ? 'has no such group' : 'has several groups, and none is named'
      throw componentFault('jobs/no-component', reference, what)
    }
    checkScoring(composite, reference, group)
    return { reference, measure, group }
  })
}

/** Conformance requirement 5.5 of the QM IG; what is observed has no numerator to be in, and no 1 to be less than. */
function checkScoring(composite: CompositeGroup, reference: ComponentReference, group: MeasureGroup): void {
  const isRate = group.scoring === 'proportion' || (group.scoring === 'ratio' && group.observations === undefined)
  const isScored = isRate || group.scoring === 'continuous-variable' || group.scoring === 'ratio'
  if (composite.kind !== 'weighted' && !isRate) {
    throw componentFault(
      'jobs/component-scoring',
      reference,
      `is a ${group.scoring}, which ${composite.kind} cannot combine`,
    )
  }
  if (!isScored || (!isRate && group.improvementNotation !== composite.improvementNotation)) {
    throw componentFault('jobs/component-scoring', reference, `is a ${group.scoring} that cannot be weighted so`)
  }
}

function componentFault(code: string, { measure, groupId }: ComponentReference, what: string) {
  const name = groupId === undefined ? measure : `${measure} (group ${groupId})`
  return fault('input', code, `The component ${name} ${what}.`, {
    remedy: 'Install the component, or correct the composite measure.',
  })
}

/** Where the runs of the components come from. */
export type ComponentRuns = (measures: readonly InstalledMeasure[]) => Promise<readonly MeasureRun[]>

/** What a composite says of everybody, or of a group of persons: made of the runs of its components, which saw the same facts. */
export async function compositeSummary(
  application: Application,
  asked: CompositeAsked,
  runs: ComponentRuns,
): Promise<MadeReport> {
  const { composite, subjects, period } = asked
  const groups = composite.groups.map((group) => ({ group, components: componentsOf(application, group) }))
  const components = groups.flatMap((one) => one.components)
  const measures = [...new Set(components.map(({ measure }) => measure))]
  const found = await runs(measures)
  const [first] = found
  if (first === undefined || found.some(({ dataSnapshot }) => dataSnapshot !== first.dataSnapshot)) {
    throw fault('input', 'jobs/data-changed', 'The runs of the components were made of different data.', {
      remedy: 'Evaluate the components again together, or ask with `Prefer: respond-async`.',
    })
  }
  const pids = subjects.kind === 'group' ? subjects.pids : undefined
  const sourceOf = (component: Component): Source => {
    const run = found[measures.indexOf(component.measure)] ?? first
    const measureId = component.measure.id
    return { component, run, asked: { runId: run.runId, measureId, ...(pids === undefined ? {} : { pids }) } }
  }
  const scores: CompositeScore[] = []
  for (const { group, components: own } of groups) {
    const sources = own.map(sourceOf)
    const score = group.kind === 'weighted' ? weighted : byPerson
    scores.push(await score(application, group, sources))
  }
  const sources = measures.flatMap((measure) => components.find((one) => one.measure === measure) ?? []).map(sourceOf)
  const supplement = await supplementOf(application, asked, sources)
  const remarks = [...(subjects.kind === 'group' ? subjects.remarks : []), ...supplement.remarks]
  for (const source of sources) remarks.push(...(await notEvaluated(application, source)))
  // What must be known of a component's results must be known of what is made of them.
  for (const { measure } of components)
    remarks.push(...(measure.remarks ?? []).map((one) => ({ ...one, message: `${measure.id}: ${one.message}` })))
  const finished = found.map(({ finishedAt }) => finishedAt).sort((a, b) => (a < b ? -1 : 1))
  const context = {
    period,
    date: finished.at(-1) ?? first.finishedAt,
    reporter: reporterName,
    remarks: [...new Map(remarks.map((remark) => [remark.message, remark])).values()],
    ...(asked.parameters === undefined ? {} : { parameters: asked.parameters }),
  }
  return { report: compositeReport(context, composite, scores, supplement.counts), pids: pids ?? [] }
}

interface Source {
  readonly component: Component
  readonly run: MeasureRun
  readonly asked: { readonly runId: number; readonly measureId: string; readonly pids?: readonly number[] }
}

function ruleOf({ kind, improvementNotation }: CompositeGroup, sources: readonly Source[]): CompositeRule {
  const components = sources.map(({ component: { group, reference } }) => ({
    improvementNotation: group.improvementNotation,
    weight: reference.weight,
  }))
  return { kind, improvementNotation, components }
}

/** A person who could not be evaluated for a component is in no count of the composite: a part would be taken for the whole. */
async function byPerson(
  { store }: Application,
  composite: CompositeGroup,
  sources: readonly Source[],
): Promise<CompositeScore> {
  const persons = new Map<number, (PopulationTotals | undefined)[]>()
  for (const [index, { component, asked }] of sources.entries()) {
    for (const { pid, counts } of await readPersonCounts(store.session, asked, component.group.id)) {
      const own = persons.get(pid) ?? sources.map(() => undefined)
      own[index] = totalsOf(component.group, counts)
      persons.set(pid, own)
    }
  }
  for (const pid of await erroneous(store.session, sources)) persons.delete(pid)
  const made = new IndividualComposite(ruleOf(composite, sources))
  for (const [, own] of [...persons].sort(([a], [b]) => a - b)) made.add(own.map((totals) => totals ?? {}))
  return made.result()
}

async function erroneous(
  session: Application['store']['session'],
  sources: readonly Source[],
): Promise<ReadonlySet<number>> {
  const pids = new Set<number>()
  for (const { asked } of sources) for (const pid of await readErrorPids(session, asked)) pids.add(pid)
  return pids
}

async function weighted(
  { store }: Application,
  composite: CompositeGroup,
  sources: readonly Source[],
): Promise<CompositeScore> {
  const scores: (number | undefined)[] = []
  for (const { component, asked } of sources) {
    const counts = await readGroupCounts(store.session, component.measure, asked)
    const own = counts.find(({ groupId }) => groupId === component.group.id)
    const { rate, value } = scoreGroup(component.group, own?.populations ?? {}, own?.observed)
    scores.push(rate ?? value)
  }
  const score = weightedComposite(ruleOf(composite, sources), scores)
  return { populations: {}, ...(score === undefined ? {} : { score }) }
}

/** The supplemental data of all components (QM IG, 5.9): one that several have, by the name of its define, once. */
async function supplementOf(application: Application, { period }: CompositeAsked, sources: readonly Source[]) {
  const concerned = new Set<number>()
  for (const { asked } of sources) {
    for (const pid of await readConcernedPids(application.store.session, asked)) concerned.add(pid)
  }
  const pids = [...concerned].sort((a, b) => a - b)
  const seen = new Set<string>()
  const counts = []
  const remarks: Diagnostic[] = []
  for (const { component, run } of sources) {
    const found = await populationSupplement(application, { measure: component.measure, period }, run, pids)
    remarks.push(...found.remarks)
    const own = found.counts.filter(({ datum }) => !seen.has(datum.define))
    counts.push(...own)
    for (const { datum } of own) seen.add(datum.define)
  }
  return { counts, remarks }
}

async function notEvaluated({ store }: Application, { component, asked }: Source): Promise<readonly Diagnostic[]> {
  const errors = await countReportErrors(store.session, asked)
  if (errors === 0) return []
  const message = `${errors} persons could not be evaluated for ${component.measure.id} and are in none of the counts.`
  return [{ code: 'jobs/persons-not-evaluated', severity: 'warning', message }]
}
