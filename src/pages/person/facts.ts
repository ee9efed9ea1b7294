import { isResource, type Resource } from '../../fhir/index.ts'
import { clinicalDate, codeDisplay, dayOf, type GapEvidence, valueText } from '../../gaps/index.ts'
import type { PersonGapRow, PersonMeasureResult, PersonResource, RunMeasureSummary } from '../../store/index.ts'

/** A resource that a result rests on, as pages show it. `decisive`: the gap's own sentence rests on it. */
export interface ShownFact {
  readonly rid: string
  readonly source: string
  readonly type: string
  readonly id: string
  readonly what: string
  readonly day?: string
  readonly value?: string
  /** The defines whose values hold it. */
  readonly defines: readonly string[]
  readonly decisive: boolean
}

/** The facts that a stored gap names. */
export const gapEvidenceOf = (gap: PersonGapRow): readonly GapEvidence[] => JSON.parse(gap.evidence) as GapEvidence[]

/** A raw line as a resource; undefined where it is none (only a damaged store holds such a line). */
export function parseRaw(raw: string): Resource | undefined {
  try {
    const parsed: unknown = JSON.parse(raw)
    return isResource(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/**
 * The facts of one measure's result: the gap's own first, then the latest first. A fact whose resource is
 * not in the store any more is still named, by its key.
 */
export function factsOfResult(
  result: PersonMeasureResult,
  gap: PersonGapRow | undefined,
  measure: RunMeasureSummary | undefined,
  known: { readonly resources: ReadonlyMap<string, PersonResource>; readonly timeZone: string },
): ShownFact[] {
  const named = new Map((gap === undefined ? [] : gapEvidenceOf(gap)).map((fact) => [fact.rid, fact]))
  const defines = new Map<string, string[]>([...named.keys()].map((rid) => [rid, []]))
  for (const { define, rid } of result.evidence) {
    const name = measure?.defines[define] ?? `#${define}`
    const list = defines.get(rid) ?? []
    defines.set(rid, list.includes(name) ? list : [...list, name])
  }
  const facts = [...defines].map(([rid, names]) => factOf(rid, names, named.get(rid), known))
  return facts.sort((a, b) => Number(b.decisive) - Number(a.decisive) || (b.day ?? '').localeCompare(a.day ?? ''))
}

function factOf(
  rid: string,
  defines: readonly string[],
  named: GapEvidence | undefined,
  known: { readonly resources: ReadonlyMap<string, PersonResource>; readonly timeZone: string },
): ShownFact {
  const stored = known.resources.get(rid)
  const resource = stored === undefined ? undefined : parseRaw(stored.raw)
  const when = named?.when ?? (resource === undefined ? undefined : clinicalDate(resource))
  const value = named?.value ?? (resource === undefined ? undefined : valueText(resource))
  return {
    rid,
    source: stored?.source ?? named?.source ?? 'not in the store',
    type: stored?.type ?? named?.type ?? '',
    id: stored?.id ?? named?.id ?? rid,
    what: named?.what ?? (resource === undefined ? `Resource ${rid}` : codeDisplay(resource)),
    defines: defines.length === 0 && named !== undefined ? [named.define] : defines,
    decisive: named !== undefined,
    ...(when === undefined ? {} : { day: dayOf(when, known.timeZone) }),
    ...(value === undefined ? {} : { value }),
  }
}
