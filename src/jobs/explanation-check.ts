import { CaregapError, type Diagnostic } from '../base/index.ts'
import { type InstalledMeasure, populationCodes } from '../content/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import type { RunSummary, StoredResult } from '../store/index.ts'

/** What a run stored of a person and a measure, and what was made again of the same. */
export interface Checked {
  readonly run: Pick<RunSummary, 'runId' | 'engine' | 'engineVersion'>
  readonly measure: InstalledMeasure
  /** The defines whose letters are stored, in order. */
  readonly names: readonly string[]
  readonly stored: {
    readonly results: readonly StoredResult[]
    readonly error: { readonly code: string } | undefined
  }
  readonly evaluation: PersonEvaluation
}

/**
 * Fault `jobs/explanation-differs` (a bug), with a diagnostic for each define, population or error that is not as it was
 * stored: an explanation of another value than the stored one would be a lie.
 */
export function refuseDifferences(checked: Checked): void {
  const differences = [...errorDifferences(checked), ...letterDifferences(checked), ...countDifferences(checked)]
  if (differences.length > 0) throw new CaregapError('bug', differences)
}

const remedy =
  'Do not use this result. Evaluate anew with --full; where it differs again, report it as a fault of caregap with the measure and the engine.'

function difference(
  { run, measure }: Checked,
  what: string,
  define: string | undefined,
  data: Readonly<Record<string, string | number | null>>,
): Diagnostic {
  return {
    code: 'jobs/explanation-differs',
    severity: 'error',
    message: `Run ${run.runId} (${run.engine}, ${run.engineVersion}) stored ${what}.`,
    place: { library: measure.closure.main.identifier.id, ...(define === undefined ? {} : { define }) },
    remedy,
    data,
  }
}

function letterDifferences(checked: Checked): readonly Diagnostic[] {
  const { names, stored, evaluation } = checked
  const letters = [...new Set(stored.results.map(({ defines }) => defines))]
  return letters.flatMap((text) =>
    names.flatMap((name, index) => {
      const [then, now] = [text[index] ?? 'nothing', evaluation.defines[index] ?? 'nothing']
      if (then === now) return []
      const what = `${then} for the define "${name}", which is ${now} when made again`
      return [difference(checked, what, name, { define: name, stored: then, recomputed: now })]
    }),
  )
}

function errorDifferences(checked: Checked): readonly Diagnostic[] {
  const { stored, evaluation } = checked
  if (stored.error === undefined && stored.results.length === 0)
    return [difference(checked, 'neither a result nor an error for this person', undefined, {})]
  if ((stored.error === undefined) === (evaluation.error === undefined)) return []
  const [then, now] = [stored.error?.code ?? 'no error', evaluation.error?.code ?? 'no error']
  const define = evaluation.error?.place?.define
  return [
    difference(checked, `${then}, and there is ${now} when made again`, define, { stored: then, recomputed: now }),
  ]
}

function countDifferences(checked: Checked): readonly Diagnostic[] {
  return checked.stored.results.flatMap((result) => {
    const made = checked.evaluation.groups.find(({ groupId }) => groupId === result.groupId)
    return populationCodes.flatMap((code) => {
      const [then, now] = [result.counts[code] ?? null, made?.populations[code] ?? null]
      if (then === now) return []
      const what = `${then ?? 'nothing'} for the ${code} of group ${result.groupId}, which is ${now ?? 'nothing'} when made again`
      return [difference(checked, what, undefined, { population: code, stored: then, recomputed: now })]
    })
  })
}
