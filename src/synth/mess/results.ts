import { observations } from '../codes/observations.ts'
import type { Observed, Quantity } from '../fact.ts'
import type { Random } from '../random.ts'
import { mark, messRates } from './rates.ts'

/** Spoils the code, the unit or the form of some results. At most one thing goes wrong with each. */
export function spoilResult(fact: Observed, random: Random): void {
  if (fact.status !== 'final') return
  if (fact.value !== undefined) fact.meant = fact.value
  let draw = random.next()
  const falls = (rate: number): boolean => {
    const hit = draw >= 0 && draw < rate
    draw -= rate
    return hit
  }
  if (fact.category === 'laboratory' && falls(messRates['local-code-only'])) {
    fact.local = true
    mark(fact, 'local-code-only')
  } else if (falls(messRates['wrong-unit'])) mistakeUnit(fact)
  else if (falls(messRates['missing-unit'])) dropUnit(fact)
  else if (falls(messRates['value-as-string'])) typeValue(fact)
  else if (falls(messRates['value-missing']) && fact.value?.kind === 'quantity') {
    fact.value = undefined
    mark(fact, 'value-missing')
  }
}

const isQuantity = (fact: Observed): fact is Observed & { value: Quantity } => fact.value?.kind === 'quantity'

function dropUnit(fact: Observed): void {
  if (!isQuantity(fact) && fact.parts === undefined) return
  fact.unit = null
  mark(fact, 'missing-unit')
}

/** `mmHg` for mm[Hg], IFCC units for HbA1c, pounds for kilograms: what people type. */
function mistakeUnit(fact: Observed): void {
  if (fact.parts !== undefined) fact.unit = 'mmHg'
  else if (!isQuantity(fact)) return
  else if (fact.code === observations.hba1c || fact.code === observations.hba1cByHplc) {
    fact.value = { ...fact.value, value: Math.round((fact.value.value - 2.152) / 0.09148) }
    fact.unit = 'mmol/mol'
  } else if (fact.code === observations.weight) {
    fact.value = { ...fact.value, value: Math.round(fact.value.value * 2.2046) }
    fact.unit = 'lbs'
  } else fact.unit = 'units'
  mark(fact, 'wrong-unit')
}

function typeValue(fact: Observed): void {
  const { value } = fact
  if (value?.kind !== 'quantity') return
  fact.value = { kind: 'text', text: `${value.value} ${value.unit}` }
  mark(fact, 'value-as-string')
}
