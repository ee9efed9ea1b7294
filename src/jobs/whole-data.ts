import { CaregapError, type Diagnostic, type Progress } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { retrievedTypes } from '../gaps/index.ts'
import { type Coverage, isDataComplete, readCoverage, type Store, setOutsideSources } from '../store/index.ts'
import type { RunRequest } from './application.ts'
import { deriveData, type LoadRequest, outsideSources } from './load-data.ts'
import { type ChosenMeasures, chooseMeasures } from './run-request.ts'

/**
 * The measures of a run, after it is sure that they read whole data: a refresh that was stopped after its load is
 * finished first; a source that lacks something a measure reads refuses the run, or, where that is accepted, is a remark
 * of the measure, which all its results carry. Fault: `jobs/partial-data`.
 */
export async function overWholeData(
  store: Store,
  config: LoadRequest['config'],
  content: ChosenMeasures,
  request: RunRequest,
  progress: Progress,
): Promise<ChosenMeasures> {
  await setOutsideSources(store.session, outsideSources(config))
  if (!(await isDataComplete(store.session))) await deriveData(store, { config, progress })
  const partial = (await readCoverage(store.session)).filter(({ reason }) => reason !== null)
  if (partial.length === 0) return content
  const all = await readCoverage(store.session)
  const faults = new Map(
    chooseMeasures(request, content).measures.map((measure) => [measure.id, faultsOf(measure, all)] as const),
  )
  const found = [...faults.values()].flat()
  if (found.length > 0 && request.acceptPartial !== true) {
    const distinct = [...new Map(found.map((one) => [one.message, one])).values()]
    throw new CaregapError('input', distinct)
  }
  const measures = content.measures.map((measure) => ({
    ...measure,
    remarks: [...(measure.remarks ?? []), ...(faults.get(measure.id) ?? []).map(asRemark)],
  }))
  return { ...content, measures }
}

const asRemark = (diagnostic: Diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' })

/** A diagnostic for each source that is not whole in what the measure reads. */
function faultsOf(measure: InstalledMeasure, coverage: readonly Coverage[]): Diagnostic[] {
  const types = new Set(['Patient', ...retrievedTypes(measure)])
  const sources = [...new Set(coverage.map(({ source }) => source))]
  return sources.flatMap((source) => {
    const own = coverage.filter((entry) => entry.source === source)
    const lacking = [...types].flatMap((type) => {
      const entry = own.find((one) => one.type === type) ?? own.find((one) => one.type === '*')
      return entry?.reason == null ? [] : [{ type, entry }]
    })
    const [first] = lacking
    return first === undefined ? [] : [partialData(source, lacking.map(({ type }) => type).sort(), first.entry)]
  })
}

function partialData(
  source: string,
  types: readonly string[],
  { completeThrough, reason, pullId }: Coverage,
): Diagnostic {
  const since = completeThrough === null ? 'was never whole' : `was last whole as of ${completeThrough}`
  return {
    code: 'jobs/partial-data',
    severity: 'error',
    message: `The newest refresh of ${source} (pull ${pullId ?? 0}) is partial (${reason ?? ''}): ${types.join(', ')} ${since}.`,
    remedy: `Run \`caregap pull ${source}\` again, or accept it with --accept-partial: every result then says so.`,
  }
}
