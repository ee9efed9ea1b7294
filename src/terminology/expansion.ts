import { contentHash, type Diagnostic, type Place } from '../base/index.ts'
import { type Coding, foldSystem } from '../fhir/index.ts'
import type { Expansion } from './value-sets.ts'

interface Named {
  readonly url: string
  readonly version?: string
  readonly title?: string
  readonly officialCodes?: number
}

/** An expansion with folded systems, each member once, in the order of system and code, and its hash. */
export function makeExpansion(name: Named, codings: readonly Coding[]): Expansion {
  const members = new Map<string, Coding>()
  for (const coding of codings) {
    const folded = coding.system === undefined ? coding : { ...coding, system: foldSystem(coding.system) }
    const key = `${folded.system ?? ''}|${folded.code ?? ''}`
    if (members.get(key)?.display === undefined) members.set(key, folded)
  }
  const keys = [...members.keys()].sort()
  return {
    ...name,
    sha256: contentHash(name.url, ...keys),
    members: keys.flatMap((key) => members.get(key) ?? []),
  }
}

/** How a value set is named in messages: its title and canonical. */
export function nameOf(set: Named): string {
  const canonical = set.version === undefined ? set.url : `${set.url}|${set.version}`
  return set.title === undefined ? canonical : `"${set.title}" (${canonical})`
}

/**
 * What a set's size tells. No members: an error. A multiple of 500: public servers cut there without a word,
 * so it is a warning.
 */
export function checkSize(expansion: Expansion, place: Place): readonly Diagnostic[] {
  const size = expansion.members.length
  if (size === 0) {
    return [
      {
        code: 'terminology/empty-value-set',
        severity: 'error',
        message: `Value set ${nameOf(expansion)} has no codes.`,
        place,
        remedy: 'Load its expansion; a measure that reads it cannot run.',
      },
    ]
  }
  if (size % 500 !== 0) return []
  return [
    {
      code: 'terminology/suspicious-size',
      severity: 'warning',
      message: `Value set ${nameOf(expansion)} has ${size} codes: a round number at which servers cut.`,
      place,
      remedy: 'Compare its number of codes with the publisher.',
    },
  ]
}
