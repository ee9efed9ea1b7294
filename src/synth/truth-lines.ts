import { isoDay } from './calendar.ts'
import type { Code } from './codes/code.ts'
import type { Fact, Value } from './fact.ts'

/** A fact as the truth tells it: what and when it was, and the resource that should show it. */
export interface TrueFact {
  readonly type: Fact['type']
  readonly code: string
  readonly date: string
  readonly value?: string | number
  readonly status?: string
  readonly resource: string
  readonly mess?: readonly string[]
}

const codeOf = (fact: Fact): Code | undefined =>
  fact.type === 'visit' || fact.type === 'booking' ? fact.kind.codes[0] : fact.code

const valueText = (value: Value | undefined): { value?: string | number } => {
  if (value === undefined) return {}
  return { value: value.kind === 'quantity' ? value.value : value.kind === 'concept' ? value.code.code : value.text }
}

/** The truth of a written fact; undefined for the copies that disorder left and for what has no clinical weight. */
export function trueFact(source: string, type: string, fact: Fact): TrueFact | undefined {
  if (fact.type === 'booking' || fact.type === 'report' || fact.type === 'intolerance') return undefined
  if (fact.mess?.some((kind) => copies.has(kind)) === true) return undefined
  if (fact.type === 'diagnosis' && fact.verification !== 'confirmed') return undefined
  return {
    type: fact.type,
    code: codeOf(fact)?.code ?? '',
    date: isoDay(fact.day),
    ...observedParts(fact),
    ...('status' in fact ? { status: fact.status } : {}),
    resource: `${source}/${type}/${fact.id}`,
    ...(fact.mess === undefined ? {} : { mess: fact.mess }),
  }
}

function observedParts(fact: Fact): { value?: string | number } {
  if (fact.type !== 'observed') return {}
  if (fact.parts !== undefined) return { value: fact.parts.map(([, quantity]) => quantity.value).join('/') }
  return valueText(fact.meant ?? fact.value)
}

const copies = new Set<string>([
  'entered-in-error',
  'preliminary',
  'duplicate-within-source',
  'duplicate-across-sources',
])
