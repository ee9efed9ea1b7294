import type { InstalledMeasure } from '../../content/index.ts'
import { gapStatuses } from '../../gaps/index.ts'
import type { PersonGapRow, PersonMeasureResult, RunMeasureSummary } from '../../store/index.ts'
import { Due } from '../parts/due.tsx'
import { countOf } from '../parts/format.ts'
import { asGapStatus, GapChip } from '../parts/gap-chip.tsx'
import { sentenceBesideChip } from '../parts/gap-sentence.ts'
import { FactTable } from './fact-table.tsx'
import { factsOfResult, type ShownFact } from './facts.ts'
import { type PopulationTree, populationTrees } from './logic-tree.ts'
import { LogicTree } from './logic-tree-view.tsx'
import { type FoundMisses, NearMissList } from './near-misses.tsx'
import type { PersonRun } from './person-data.ts'

/** One measure's answer about one person, with all that it rests on. */
export interface Verdict {
  readonly measureId: string
  readonly runId: number
  readonly title: string
  readonly result: PersonMeasureResult | undefined
  readonly gap: PersonGapRow | undefined
  readonly error: string | undefined
  readonly facts: readonly ShownFact[]
  readonly trees: readonly PopulationTree[]
}

/** The verdicts of a run about a person, the most urgent first. */
export function verdictsOf(personRun: PersonRun, installed: readonly InstalledMeasure[]): Verdict[] {
  const failed = personRun.errors.filter(
    (error) => !personRun.results.some((result) => result.measureId === error.measureId),
  )
  const urgency = (verdict: Verdict) => gapStatuses.indexOf(asGapStatus(verdict.gap?.status) ?? 'unknown')
  return [
    ...personRun.results.map((result) => verdictOf(personRun, installed, result)),
    ...failed.map((error) => failedVerdict(personRun, error)),
  ].sort((a, b) => urgency(a) - urgency(b) || a.title.localeCompare(b.title))
}

function verdictOf(personRun: PersonRun, installed: readonly InstalledMeasure[], result: PersonMeasureResult): Verdict {
  const gap = personRun.gaps.find((row) => row.measureId === result.measureId && row.groupId === result.groupId)
  const runMeasure = personRun.measures.find((measure) => measure.measureId === result.measureId)
  const measure = installed.find((candidate) => candidate.id === result.measureId)
  const known = { resources: personRun.resources, timeZone: personRun.run.timeZone }
  return {
    measureId: result.measureId,
    runId: personRun.run.runId,
    title: titleOf(runMeasure, result.measureId),
    result,
    gap,
    error: personRun.errors.find((error) => error.measureId === result.measureId)?.message,
    facts: factsOfResult(result, gap, runMeasure, known),
    trees: treesOf(measure, runMeasure, result),
  }
}

function failedVerdict(personRun: PersonRun, error: PersonRun['errors'][number]): Verdict {
  const runMeasure = personRun.measures.find((measure) => measure.measureId === error.measureId)
  return {
    measureId: error.measureId,
    runId: personRun.run.runId,
    title: titleOf(runMeasure, error.measureId),
    result: undefined,
    gap: personRun.gaps.find((row) => row.measureId === error.measureId),
    error: error.message,
    facts: [],
    trees: [],
  }
}

const titleOf = (measure: RunMeasureSummary | undefined, id: string): string => measure?.title ?? id

/** Only of the logic that the run used: of a changed measure the letters and the text would not belong together. */
function treesOf(
  measure: InstalledMeasure | undefined,
  runMeasure: RunMeasureSummary | undefined,
  result: PersonMeasureResult,
): PopulationTree[] {
  if (measure === undefined || runMeasure === undefined || measure.contentHash !== runMeasure.contentHash) return []
  const group = measure.groups.find((candidate) => candidate.id === result.groupId)
  return group === undefined ? [] : populationTrees(measure, group, result, runMeasure)
}

/** A verdict: the sentence first, then what to do, then on demand the logic and the facts. */
export const VerdictView = ({
  verdict,
  pid,
  nearMisses,
  asOf,
}: {
  readonly verdict: Verdict
  /** The day that the run was made. */
  readonly asOf: string
  readonly pid: number
  readonly nearMisses: FoundMisses | undefined
}) => {
  const { gap } = verdict
  const status = asGapStatus(gap?.status) ?? (verdict.error === undefined ? undefined : 'unknown')
  return (
    <article class="verdict" aria-labelledby={`verdict-${verdict.measureId}`}>
      <div class="verdict-head">
        {status === undefined ? null : <GapChip status={status} />}
        <h3 id={`verdict-${verdict.measureId}`}>
          <a href={`/measures/${encodeURIComponent(verdict.measureId)}`}>{verdict.title}</a>
        </h3>
        {gap?.dueDate == null ? null : (
          <span class="soft small">
            <Due date={gap.dueDate} asOf={asOf} isDone={gap.status === 'closed'} />
          </span>
        )}
      </div>
      <p class="sentence">{sentenceOf(verdict)}</p>
      {gap?.nextAction == null ? null : (
        <p class="next-action">
          <strong>Next:</strong> {gap.nextAction}
        </p>
      )}
      <NearMissList found={nearMisses} pid={pid} />
      <Facts verdict={verdict} pid={pid} />
      <Logic verdict={verdict} />
      <Proof verdict={verdict} pid={pid} />
    </article>
  )
}

function sentenceOf({ gap, error }: Verdict): string {
  if (gap !== undefined) return sentenceBesideChip(gap.sentence, gap.nextAction)
  return error ?? 'No gap was derived for this measure.'
}

/** Every clause as it came out, with the resources that it rests on: made again from the record as the run read it. */
const Proof = ({ verdict, pid }: { readonly verdict: Verdict; readonly pid: number }) => {
  const { runId, measureId } = verdict
  const path = `/api/runs/${runId}/persons/${pid}/measures/${encodeURIComponent(measureId)}/explanation`
  return (
    <p class="small soft">
      Every clause, with what it rests on: <a href={`${path}?format=text`}>to read</a>, <a href={path}>as JSON</a>
    </p>
  )
}

const Logic = ({ verdict }: { readonly verdict: Verdict }) => {
  if (verdict.result === undefined) return null
  if (verdict.trees.length === 0) {
    return (
      <p class="small soft">The logic that the run used is not installed now, so it cannot be shown step by step.</p>
    )
  }
  return (
    <details open={verdict.gap?.status === 'open'}>
      <summary>Why: the logic, step by step</summary>
      <LogicTree trees={verdict.trees} />
    </details>
  )
}

const Facts = ({ verdict, pid }: { readonly verdict: Verdict; readonly pid: number }) => {
  if (verdict.result === undefined) return null
  if (verdict.facts.length === 0) return <p class="small soft">The logic found no resource to rest on.</p>
  return (
    <details open={verdict.gap?.status === 'open'}>
      <summary>What it rests on: {countOf(verdict.facts.length, 'resource')}</summary>
      <FactTable facts={verdict.facts} pid={pid} label={`Resources read by ${verdict.title}`} />
    </details>
  )
}
