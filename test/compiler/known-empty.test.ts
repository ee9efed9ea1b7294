import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { evaluateSet } from '../../src/compile/sql/evaluate-set.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, patient, period } from '../run/made-run.ts'

// Lists that have no rows for anybody are not read.

const logic = `library Empty
using FHIR version '4.0.1'
context Patient
define "Never": exists ([Observation] O where O.value is FHIR.Range)
define "Nobody": Count([Encounter] E with ([Observation] X where X.value is FHIR.Range) O such that true)
define "Without": Count([Encounter] E without ([Observation] X where X.value is FHIR.Range) O such that true)
define "Beside": Count(from [Encounter] E, ([Observation] X where X.value is FHIR.Range) O return E)
define "Failing": Count(from ([Encounter] E return Interval[50, Length(E.id.value)]) F, ([Observation] X where X.value is FHIR.Range) O return F)
define "United": Count(([Observation] O where false) union [Encounter])`

async function evaluated(more: object) {
  const resources = [
    ...['ann', 'bob'].map(patient),
    about('visit', 'Encounter', 'ann'),
    { ...about('seen', 'Observation', 'ann'), status: 'final', ...more } as Resource,
  ]
  const store = await openStoreWith([{ source: 'north', resources }])
  const closure = unwrap(await translate({ name: 'Empty', sources: [cqlSource(logic)] }))
  const defines = ['Never', 'Nobody', 'Without', 'Beside', 'Failing', 'United']
  const input = { session: store.session, valueSets: pinValueSets([]), period }
  const { persons, sql } = unwrap(await evaluateSet(closure, defines, input))
  store.close()
  return {
    sql,
    letters: [...persons.values()].map((one) => defines.map((name) => one.defines.get(name)?.letter).join('')),
  }
}

test('where no value is of a type, nobody’s values are read', async () => {
  const { sql, letters } = await evaluated({ valueString: 'x' })
  expect(sql).not.toContain('typed_observation')
  expect(letters).toEqual(['fvvvev', 'fvvvvv'])
})

test('where one is, they are', async () => {
  const { sql, letters } = await evaluated({ valueRange: { low: { value: 1 } } })
  expect(sql).toContain('typed_observation')
  expect(letters).toEqual(['tvvvev', 'fvvvvv'])
})
