import type { Expansion, ValueSets } from './value-sets.ts'

/** Value sets that no longer change. Of several with one url the last counts, but each version is found by name. */
export function pinValueSets(expansions: readonly Expansion[]): ValueSets {
  const byCanonical = new Map<string, Expansion>()
  for (const expansion of expansions) {
    byCanonical.set(expansion.url, expansion)
    if (expansion.version !== undefined) byCanonical.set(`${expansion.url}|${expansion.version}`, expansion)
  }
  const all = [...new Set(byCanonical.values())]
  return { all, find: (canonical) => byCanonical.get(canonical) }
}
