import type { MeasureGroup, MeasureStratifier } from '../content/index.ts'
import type { DefineValue, Interpretation } from '../interpret/index.ts'
import { type Membership, populationMembers } from './membership.ts'

type Defines = Interpretation['defines']

/**
 * The part of each population that lies in a stratum (QM IG, stratification). A criterion that is true, or a list of
 * the basis, makes one stratum with the stratifier's id; of a list the members that it holds. Any other value is
 * itself the stratum, as `id=value`; null is in none. Components combine: members that meet all of their criteria,
 * values joined by a comma. Undefined where the group has no stratifiers.
 */
export function strataOf(
  group: MeasureGroup,
  membership: Membership,
  defines: Defines,
): Readonly<Record<string, Membership>> | undefined {
  if (group.stratifiers === undefined) return undefined
  return Object.fromEntries(
    group.stratifiers.map((stratifier) => {
      const parts = stratifier.criteria.map(({ define }) => partOf(group.basis, defines.get(define)))
      return [stratumName(stratifier, parts), keepMembers(membership, parts)]
    }),
  )
}

/** What one criterion says: which members it lets through, and the value that names the stratum, if it is one. */
interface Part {
  readonly holds: (member: string) => boolean
  readonly value?: string
}

function partOf(basis: string, value: DefineValue | undefined): Part {
  if (value === undefined || value.letter === 'n' || value.letter === 'f') return { holds: () => false }
  if (value.letter === 't') return { holds: () => true }
  if (value.letter !== 'v') {
    const members = populationMembers(basis, value)
    return { holds: (member) => members.has(member) }
  }
  return { holds: () => true, value: textOf(value.value) }
}

/** A value as the name of a stratum: the code of a Code or Concept, else its text. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if ('codes' in value && Array.isArray(value.codes)) return value.codes.map(textOf).join('+')
  if ('code' in value) return textOf(value.code)
  return 'value' in value ? textOf(value.value) : JSON.stringify(value)
}

function stratumName({ id, criteria }: MeasureStratifier, parts: readonly Part[]): string {
  if (parts.every(({ value }) => value === undefined)) return id
  const named = parts.map(({ value }, index) =>
    criteria.length === 1 ? (value ?? '') : `${criteria[index]?.name ?? ''}:${value ?? 'true'}`,
  )
  return `${id}=${named.join(',')}`
}

function keepMembers(membership: Membership, parts: readonly Part[]): Membership {
  return Object.fromEntries(
    Object.entries(membership).map(([code, members]) => [
      code,
      new Set([...members].filter((member) => parts.every((part) => part.holds(member)))),
    ]),
  )
}
