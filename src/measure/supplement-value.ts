import { type Coding, isObject } from '../fhir/index.ts'
import type { DefineValue } from '../interpret/index.ts'

/** One value of a supplemental datum: a resource of the record, codes, or a text for anything else. */
export type SupplementValue =
  | { readonly kind: 'resource'; readonly rid: string }
  | { readonly kind: 'codes'; readonly codings: readonly Coding[] }
  | { readonly kind: 'text'; readonly text: string }

/**
 * What a define of supplemental data gave. A value that holds resources is told as these; of structures (a tuple of a
 * payer's code and period, say) the codes count. Null gives nothing. Each value once, in the order of the logic.
 */
export function supplementValues(value: DefineValue): readonly SupplementValue[] {
  if (value.rids.length > 0) return value.rids.map((rid) => ({ kind: 'resource', rid }))
  const values = partsOf(value.value)
  return [...new Map(values.map((one) => [JSON.stringify(one), one])).values()]
}

function partsOf(value: unknown): readonly SupplementValue[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(partsOf)
  if (!isObject(value)) return [{ kind: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }]
  const codings = codingsOf(value)
  if (codings.length > 0) return [{ kind: 'codes', codings }]
  if (isObject(value['code']) || Array.isArray(value['code'])) return partsOf(value['code'])
  if (typeof value['value'] === 'number') {
    const unit = typeof value['unit'] === 'string' ? ` ${value['unit']}` : ''
    return [{ kind: 'text', text: `${value['value']}${unit}` }]
  }
  if ('value' in value && Object.keys(value).length <= 2) return partsOf(value['value'])
  return [{ kind: 'text', text: JSON.stringify(value) }]
}

/** The codes of a Code, a Concept (or a tuple of codes), a Coding or a CodeableConcept, in order of system and code. */
function codingsOf(value: Readonly<Record<string, unknown>>): readonly Coding[] {
  const listed = value['codes'] ?? value['coding'] ?? value
  const all: readonly unknown[] = Array.isArray(listed) ? listed : [listed]
  const codings = all.filter(isObject).flatMap((one) => {
    const code = textOf(one['code'])
    const system = textOf(one['system'])
    const display = textOf(one['display'])
    if (code === undefined) return []
    return [{ ...(system === undefined ? {} : { system }), code, ...(display === undefined ? {} : { display }) }]
  })
  const distinct = new Map(codings.map((coding) => [keyOf(coding), coding]))
  return [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, coding]) => coding)
}

const keyOf = ({ system = '', code = '' }: Coding) => `${system}|${code}`

/** A string, or the value of a FHIR primitive. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return isObject(value) && typeof value['value'] === 'string' ? value['value'] : undefined
}
