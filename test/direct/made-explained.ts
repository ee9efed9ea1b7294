import { join } from 'node:path'
import { type Arbitrary, array, constantFrom, integer, option, record, uniqueArray } from 'fast-check'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { createDirectEvaluator, type DirectEvaluator } from '../../src/direct/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { PersonRecord, Resource } from '../../src/fhir/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { recordOf } from '../content/measure-case.ts'

// Logic that is about nothing: every way in which a list is made, narrowed and asked, over few resources that hang together.

const defines = {
  A: `[Observation: "A"]`,
  B: `[Observation: "B"]`,
  Visits: `[Encounter]`,
  'Final A': `"A" O where O.status = 'final'`,
  'High A': `"Final A" O where (O.value as FHIR.Quantity).value.value > 5`,
  'Low A': `"A" O where not ((O.value as FHIR.Quantity).value.value > 5)`,
  'Has High A': `exists "High A"`,
  'Has No High A': `not exists "High A"`,
  'Has Both': `exists "A" and exists "B"`,
  'Has Either': `exists "High A" or exists "B"`,
  'Has One Alone': `exists "A" xor exists "B"`,
  Implied: `exists "A" implies exists "B"`,
  Both: `"A" union "B"`,
  'Both But High': `("A" union "B") except "High A"`,
  'Final And High': `"Final A" intersect "High A"`,
  'A With Visit': `"A" O with "Visits" V such that O.encounter.reference = 'Encounter/' + V.id.value`,
  'A Without Visit': `"A" O without "Visits" V such that O.encounter.reference = 'Encounter/' + V.id.value`,
  'A With Final B': `"A" O with "B" P such that P.status = 'final' and (P.value as FHIR.Quantity).value.value >= (O.value as FHIR.Quantity).value.value`,
  'Visits Without Anything': `"Visits" V without ("A" union "B") O such that O.encounter.reference = 'Encounter/' + V.id.value`,
  'Sorted A': `"A" O sort by (value as FHIR.Quantity).value.value desc`,
  'First A': `First("A")`,
  'Highest A': `First("Sorted A")`,
  'Lowest A': `Last("Sorted A")`,
  'Last Is High': `(Last("A").value as FHIR.Quantity).value.value > 5`,
  'Only A': `singleton from "A"`,
  'Only A Is Final': `"Only A".status = 'final'`,
  'How Many': `Count("A")`,
  'Many A': `Count("A") > 2`,
  'Greatest Value': `Max("Final A" O return (O.value as FHIR.Quantity).value.value)`,
  'Sum Of Values': `Sum("Final A" O return (O.value as FHIR.Quantity).value.value)`,
  Values: `"A" O return (O.value as FHIR.Quantity).value.value`,
  'All Values': `"A" O return all (O.value as FHIR.Quantity).value.value`,
  'Has Value Five': `5.0 in "Values"`,
  'Status Of A': `"A" O return O.status.value`,
  'Status Is Cancelled': `'cancelled' in "Status Of A"`,
  'Any Cancelled': `AnyTrue("A" O return O.status = 'cancelled')`,
  'All Final': `AllTrue("A" O return O.status = 'final')`,
  Pairs: `from "A" O, "B" P where (P.value as FHIR.Quantity).value.value > (O.value as FHIR.Quantity).value.value return Tuple { low: O, high: P }`,
  'Low Of Pairs': `"Pairs" Pair return Pair.low`,
  'Has Pair': `exists "Pairs"`,
  'Per Visit': `"Visits" V let Own: "A" O where O.encounter.reference = 'Encounter/' + V.id.value where Count(Own) > 1 return Own`,
  'Of Busy Visits': `flatten "Per Visit"`,
  'Most Recent Or First': `Coalesce(Last("High A"), First("B"))`,
  'By Case': `if exists "High A" then 'high' else if exists "A" then 'low' else 'none'`,
  'Sum By Fold': `"Final A" O aggregate Total starting 0.0: Total + (O.value as FHIR.Quantity).value.value`,
  'Nested Exists': `"Visits" V where exists ("A" O where O.encounter.reference = 'Encounter/' + V.id.value and not exists ("B" P where P.encounter.reference = 'Encounter/' + V.id.value))`,
  'Exists Unknown': `exists ("A" O where O.status = 'final' and O.encounter.reference = 'Encounter/e0')`,
  'List Of Picks': `({ First("A"), Last("B"), null }) O where O.status = 'final'`,
  'Is Female': `Patient.gender = 'female'`,
  'Female With A': `Patient.gender = 'female' and exists "Final A"`,
  'A Equals B': `"Values" = ("B" O return (O.value as FHIR.Quantity).value.value)`,
  'A Includes': `"Values" includes ("B" O return (O.value as FHIR.Quantity).value.value)`,
  'Statuses Distinct': `distinct ("All Values" V return all V > 5)`,
  'Fails On Many': `(singleton from "High A").status = 'final' and exists "B"`,
  'Second A': `"A"[1]`,
  'Values Not Of B': `"Values" except ("B" O return (O.value as FHIR.Quantity).value.value)`,
  'Quiet Visits': `"Visits" V where not exists ("B" P where P.encounter.reference = 'Encounter/' + V.id.value)`,
  'B Counts': `"A" O return Count("B" P where P.encounter.reference = O.encounter.reference)`,
  'All B Counts': `"A" O return all Count("B" P where P.encounter.reference = O.encounter.reference)`,
  'Two Of B': `2 in "All B Counts"`,
  'One Of B Left': `exists ("All B Counts" N where N = 1)`,
  'Last B Count': `Last("B Counts")`,
  'None Of B': `0 in "All B Counts"`,
  'Most Of B': `Max("All B Counts")`,
  'A With Quiet Visit': `"A" O with "Visits" V such that not exists ("B" P where P.encounter.reference = 'Encounter/' + V.id.value)`,
  'A With A Quiet Visit': `"A" O with "Quiet Visits" V such that O.status = 'final'`,
  'A Without Quiet Visit': `"A" O without "Quiet Visits" V such that O.status = 'final'`,
  'Quiet Visits Of A': `flatten ("A" O return all "Quiet Visits")`,
  'Quiet And Visits': `"Visits" intersect "Quiet Visits"`,
  'Busy Visits': `"Visits" except "Quiet Visits"`,
  'By Count': `(First(("A" O return Tuple { o: O, n: Count("B" P where P.encounter.reference = O.encounter.reference) }) T sort by n)).o`,
  Components: `flatten ("A" O return O.component)`,
  'With Component': `exists ("A" O where exists (O.component C where (C.value as FHIR.Quantity).value.value > 5))`,
} as const

const canonical = (name: string) => `http://example.org/ValueSet/${name}`
const system = 'urn:made'

const text = `library Made version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
valueset "A": '${canonical('a')}'
valueset "B": '${canonical('b')}'
context Patient
${Object.entries(defines)
  .map(
    ([name, body]) =>
      `define "${name === 'A' || name === 'B' ? `All ${name}` : name}":\n  ${body.replaceAll(/"(A|B)"/g, (whole, name: string, at: number) => (body.slice(0, at).endsWith('Observation: ') ? whole : `"All ${name}"`))}`,
  )
  .join('\n')}
`

/** The made logic, ready for records of `madeRecord`. */
export async function madeEvaluator(): Promise<DirectEvaluator> {
  const closure = unwrap(
    await translate({ name: 'Made', sources: [cqlSource(text)], folders: [join(projectRoot, 'cql')] }),
  )
  const valueSets = pinValueSets(
    ['a', 'b'].map((code) => ({ url: canonical(code), sha256: code, members: [{ system, code }] })),
  )
  const names = Object.keys(defines).map((name) => (name === 'A' || name === 'B' ? `All ${name}` : name))
  const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
  return unwrap(createDirectEvaluator({ closure, defines: names, valueSets, period }))
}

const visit = option(constantFrom('e0', 'e1', 'e2'), { nil: undefined })
const number = option(integer({ min: 3, max: 7 }), { nil: undefined })
const observation = record({
  code: constantFrom('a', 'a', 'b', 'other'),
  status: constantFrom('final', 'final', 'cancelled', undefined),
  value: number,
  component: number,
  visit,
})

const quantity = (value: number | undefined) => (value === undefined ? {} : { valueQuantity: { value } })

/** Few resources, of which many are alike: so that doubles, ties, nulls and faults are common. */
export const madeRecord: Arbitrary<PersonRecord> = record({
  observations: array(observation, { maxLength: 6 }),
  visits: uniqueArray(constantFrom('e0', 'e1', 'e2')),
  gender: constantFrom('female', 'male', undefined),
}).map(({ observations, visits, gender }) => {
  const resources: Resource[] = observations.map((one, index) => ({
    resourceType: 'Observation',
    id: `o${index}`,
    ...(one.status === undefined ? {} : { status: one.status }),
    code: { coding: [{ system, code: one.code }] },
    ...quantity(one.value),
    ...(one.component === undefined ? {} : { component: [{ code: {}, ...quantity(one.component) }] }),
    ...(one.visit === undefined ? {} : { encounter: { reference: `Encounter/${one.visit}` } }),
  }))
  const encounters: Resource[] = visits.map((id) => ({ resourceType: 'Encounter', id, status: 'finished' }))
  const patient: Resource = { resourceType: 'Patient', id: 'p', ...(gender === undefined ? {} : { gender }) }
  return recordOf([patient, ...resources, ...encounters])
})
