import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { type CompileStage, createSetProgram, planOverHeld, type SetData, showStage } from '../../src/compile/index.ts'
import { readMergedPatients } from '../../src/identity/index.ts'
import { setLogicOf } from '../../src/measure/index.ts'
import { openSlices, type Store, slicedTables } from '../../src/store/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, patient, period, visits } from '../run/made-run.ts'

let store: Store
let data: SetData
beforeAll(async () => {
  const logic = setLogicOf(await visits())
  const types = ['Encounter', 'Observation', 'Condition']
  store = await openStoreWith([
    { source: 'north', resources: [patient('ann'), ...types.map((type) => about(type, type, 'ann'))] },
  ])
  const over = { tables: slicedTables, valueSets: pinValueSets([]), period }
  const { made } = await planOverHeld(
    store.session,
    (stored) => ({ stored, program: unwrap(createSetProgram(logic, { ...over, stored })) }),
    ({ program }) => program.reads,
  )
  await (await openSlices(store.session, readMergedPatients)).cut({ fromPid: 0, toPid: 100 })
  data = { ...over, stored: made.stored }
})
afterAll(() => store.close())

const golden = (name: string): string => join(projectRoot, 'test', 'compiler', 'golden', name)
const shown = async (stage: CompileStage): Promise<string> => unwrap(showStage(stage, setLogicOf(await visits()), data))

test('a measure’s core is indented text', async () => {
  await expect(await shown('core')).toMatchFileSnapshot(golden('visits.core.txt'))
})

test('a measure’s plan is a tree of relations in which every define has its columns', async () => {
  const text = await shown('plan')
  for (const define of ['Visits', 'Seen', 'Measured']) expect(text).toContain(`Visits.${define}: letter `)
  expect(text).toMatch(/scan set_typed_encounter/)
  expect(text).toMatch(/left join on pid = /)
})

test('a measure’s SQL names each define with its CQL, and DuckDB binds it', async () => {
  const text = await shown('sql')
  expect(text).toContain('-- "Seen": its letter is ')
  expect(text).toContain('define "Seen": exists "Visits"')
  await expect(text).toMatchFileSnapshot(golden('visits.sql'))
  const { script } = unwrap(createSetProgram(setLogicOf(await visits()), data))
  for (const statement of script.before) await store.session.run(statement)
  await expect(store.session.all(`EXPLAIN ${script.query}`)).resolves.toHaveLength(1)
  expect(await store.session.all(script.query)).toMatchObject([{ letters: 'ltf', faults: null }])
})
