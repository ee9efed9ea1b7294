import { isSmall } from '../measure/index.ts'
import type { FactKind, FactsFound } from './measure-facts.ts'

/**
 * What sources hold, for who may not see small counts: whether they have any at all, and nothing of a source that knows few people.
 * No count stays: kinds overlap (a value set within another, a code within a type), so those of two rows would tell a small one between
 * them, whatever is hidden within each. As it is for who sees everybody.
 */
export function safeFacts(found: FactsFound, isSafe: boolean): SafeFacts {
  if (!isSafe) return found
  const few = new Set(found.sources.filter(({ persons }) => isSmall(persons)).map(({ source }) => source))
  const hide = (kind: FactKind): FactKind => ({
    ...kind,
    sources: kind.sources.map(({ source, presence }) => ({
      source,
      presence: few.has(source) ? 'unknown' : presence,
      resources: null,
      persons: null,
    })),
  })
  return {
    runId: found.runId,
    sources: found.sources.map(({ source }) => ({ source, persons: null })),
    measures: found.measures.map((measure) => ({ ...measure, kinds: measure.kinds.map(hide) })),
  }
}

/** As it may be told: `persons` of a source is null where it is hidden. */
export type SafeFacts = Omit<FactsFound, 'sources'> & {
  readonly sources: readonly { readonly source: string; readonly persons: number | null }[]
}

/** The sources that have none of a kind of facts. */
export const lackingSources = (kind: FactKind): readonly string[] =>
  kind.sources.filter(({ presence }) => presence === 'none').map(({ source }) => source)
