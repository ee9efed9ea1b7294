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

/** What a set's size tells of a flaw, in words; undefined where it tells of none. */
export function sizeFlaw(size: number, isListed: boolean): string | undefined {
  if (size === 0) return 'it has no codes'
  // Public servers cut there without a word. What was computed over a whole code system was asked of no server.
  return isListed && size % cutAt === 0 ? `it has ${size} codes, a round number at which servers cut` : undefined
}

const cutAt = 500

/** The fault of a set whose size tells of a flaw: it names the set. */
export function sizeFault(expansion: Expansion, flaw: string, place: Place): Diagnostic {
  if (expansion.members.length === 0) {
    return {
      code: 'terminology/empty-value-set',
      severity: 'error',
      message: `Value set ${nameOf(expansion)} has no codes.`,
      place,
      remedy: 'Load its expansion; a measure that reads it cannot run.',
    }
  }
  return {
    code: 'terminology/suspicious-size',
    severity: 'error',
    message: `Value set ${nameOf(expansion)} may be cut: ${flaw}.`,
    place,
    remedy:
      'Compare its number of codes with the publisher; where it is whole, accept it by name (configuration key "acceptedValueSets").',
  }
}
