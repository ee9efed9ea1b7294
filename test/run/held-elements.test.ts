import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Engine } from '../../src/measure/index.ts'
import { readRunEngines, type Store } from '../../src/store/index.ts'
import { addSource, openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, cqlMeasure, patient, period } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

/** Those with an encounter in the period; in the numerator by one more define. */
const seenAnd = (id: string, numerator: string): Promise<InstalledMeasure> =>
  cqlMeasure({
    id,
    defines: {
      Seen: `exists ([Encounter] E where E.period.start.value during day of "Measurement Period")`,
      Done: numerator,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Done' },
  })

const evaluated = async (over: Store, measures: readonly InstalledMeasure[], engine: Engine) => {
  const application = await applicationOver(over, measures)
  const runId = await application.evaluateRun({ period, engine }, silentProgress)
  const rows = await over.session.all(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY measure_id, group_id, pid',
    { runId },
  )
  return { runId, rows }
}

const heldBy = async ({ session }: Store) =>
  Object.fromEntries(
    (
      await session.all<{ type: string; elements: string[] }>(
        'SELECT type, list(element ORDER BY element) AS elements FROM typed_element GROUP BY type',
      )
    ).map(({ type, elements }) => [type, elements]),
  )

test('a library that reads more has its columns filled in, and the answers are those of closures', async () => {
  const observed = { ...about('ann-test', 'Observation', 'ann'), status: 'final', valueString: 'low' }
  store = await openStoreWith([
    {
      source: 'north',
      resources: [
        ...['ann', 'bob'].map(patient),
        ...['ann', 'bob'].map((id) => about(`${id}-visit`, 'Encounter', id)),
        observed,
      ],
    },
  ])
  const first = await seenAnd('First', `exists ([Observation] O where O.status.value = 'final')`)
  const more = await seenAnd(
    'More',
    `exists ([Observation] O where (O.value as FHIR.string).value = 'low') and Patient.gender.value = 'female'`,
  )
  await evaluated(store, [first], 'sql')
  expect(await heldBy(store)).toEqual({ Encounter: ['id', 'period'], Observation: ['id', 'status'] })

  const { rows, runId } = await evaluated(store, [first, more], 'sql')
  expect(await heldBy(store)).toEqual({
    Encounter: ['id', 'period'],
    Observation: ['id', 'status', 'value'],
    Patient: ['gender', 'id'],
  })
  expect(rows).toEqual((await evaluated(store, [first, more], 'direct')).rows)
  expect(await readRunEngines(store.session, runId)).toMatchObject([{ closures: 0, reasons: [] }, { closures: 0 }])

  await addSource(store, { source: 'south', resources: [patient('cat'), about('cat-visit', 'Encounter', 'cat')] })
  await store.session.run('UPDATE resource_current SET changed_seq = 2 WHERE source_id = 2')
  await store.session.run('UPDATE typed_state SET derived_seq = 1')
  const later = await evaluated(store, [first, more], 'sql')
  expect(later.rows).toEqual((await evaluated(store, [first, more], 'direct')).rows)
  expect(later.rows).toHaveLength(6)
  expect((await heldBy(store))['Observation']).toEqual(['id', 'status', 'value'])
})

test('a type of which nothing is stored has no resources, whatever is read of it', async () => {
  store = await openStoreWith([{ source: 'north', resources: [patient('ann'), about('v', 'Encounter', 'ann')] }])
  const measure = await seenAnd(
    'Absent',
    `exists ([Procedure] P where (P.performed as FHIR.Period).start.value same day as @2025-03-01
        or P.code.coding[0].code.value = 'x')
      or exists ([MedicationRequest] M where date from M.authoredOn.value during "Measurement Period")
      or exists ([Coverage] C where C.period.start.value before start of "Measurement Period")`,
  )
  const { rows, runId } = await evaluated(store, [measure], 'sql')
  expect(await readRunEngines(store.session, runId)).toEqual([
    { measureId: 'Absent', engine: 'sql', closures: 0, reasons: [] },
  ])
  expect(rows).toEqual((await evaluated(store, [measure], 'direct')).rows)
  expect(rows).toHaveLength(1)
})

test('a drug that is named by reference is found by the engines alike, although nothing read its codes before', async () => {
  const code = { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '860975' }] }
  const order = {
    ...about('ann-order', 'MedicationRequest', 'ann'),
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/pills' },
  }
  store = await openStoreWith([
    {
      source: 'north',
      resources: [
        patient('ann'),
        about('v', 'Encounter', 'ann'),
        { resourceType: 'Medication', id: 'pills', code },
        order,
      ],
    },
  ])
  const some = await seenAnd('Some', 'exists ([MedicationRequest] M where M.medication is not null)')
  const byCode = await cqlMeasure({
    id: 'ByCode',
    terms: `codesystem "RxNorm": 'http://www.nlm.nih.gov/research/umls/rxnorm'
code "Metformin": '860975' from "RxNorm"`,
    defines: {
      All: 'true',
      Taken: `exists ([MedicationRequest] M with [Medication: "Metformin"] D
        such that D.id.value = Last(Split((M.medication as FHIR.Reference).reference.value, '/')))
        and not exists [MedicationRequest: "Metformin"]`,
    },
    populations: { 'initial-population': 'All', denominator: 'All', numerator: 'Taken' },
  })
  await evaluated(store, [some], 'sql')
  const { rows } = await evaluated(store, [byCode], 'sql')
  expect(rows).toEqual((await evaluated(store, [byCode], 'direct')).rows)
  expect(rows).toMatchObject([{ numerator: 1 }])
})
