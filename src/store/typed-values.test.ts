import { expect, test } from 'vitest'
import type { Field } from '../fhir/index.ts'
import { openStore } from './store.ts'
import { readValueFacts, type StoredValueFacts } from './typed-values.ts'

const moment = 'STRUCT(lo TIMESTAMP, hi TIMESTAMP, offset_min SMALLINT, "precision" UTINYINT)'
const one = (name: string, type: string, shape: Field['options'][number]['shape']): Field => ({
  name,
  repeats: false,
  choice: false,
  options: [{ type, key: name, shape }],
})
const time = (name: string): Field => one(name, 'dateTime', { kind: 'dateTime' })
const period = one('period', 'Period', { kind: 'structure', fields: [time('start'), time('end')] })

/** The facts of rows of a column `at` and a column `period`, written as SQL. */
async function factsOf(...rows: readonly string[]): Promise<ReadonlyMap<string, StoredValueFacts>> {
  const store = await openStore({ path: ':memory:' })
  try {
    await store.session.run(
      `CREATE TABLE typed_thing ("at" ${moment}, period STRUCT("start" ${moment}, "end" ${moment}))`,
    )
    for (const row of rows) await store.session.run(`INSERT INTO typed_thing VALUES (${row})`)
    return await readValueFacts(store.session, 'typed_thing', [time('at'), period])
  } finally {
    store.close()
  }
}

const at = (text: string, precision: number, offset: number | null): string =>
  `{'lo': TIMESTAMP '${text}', 'hi': TIMESTAMP '${text}', 'offset_min': ${offset}, 'precision': ${precision}}`
const from = (start: string, end: string): string => `{'start': ${start}, 'end': ${end}}`

test('times that all say equally much on a clock, and periods with both ends in order', async () => {
  const [early, late] = [at('2026-01-01 08:00:00', 6, -300), at('2026-01-01 09:00:00', 6, -240)]
  const facts = await factsOf(`${early}, ${from(early, late)}`, `NULL, ${from(late, late)}`, 'NULL, NULL')
  expect(facts.get('at')).toEqual({ least: 6, most: 6, offset: 'always' })
  const end = { least: 6, most: 6, offset: 'always', always: true }
  expect(facts.get('period')).toEqual({ isOrdered: true, parts: { start: end, end } })
})

test('one that says less, one without a clock and one without an end are told', async () => {
  const [day, second] = [at('2026-01-01 00:00:00', 3, null), at('2026-01-01 09:00:00', 6, 0)]
  const facts = await factsOf(`${day}, ${from(second, 'NULL')}`, `${second}, NULL`)
  expect(facts.get('at')).toEqual({ least: 3, most: 6 })
  const [start, end] = [facts.get('period')?.parts?.['start'], facts.get('period')?.parts?.['end']]
  expect(start).toEqual({ least: 6, most: 6, offset: 'always', always: true })
  expect(end).toBeUndefined()
})

test('a period that ends before it starts by its clocks, or may do so, is not in order', async () => {
  const early = at('2026-01-01 08:00:00', 6, -300)
  const before = at('2026-01-01 09:00:00', 6, 0)
  const day = at('2026-01-01 00:00:00', 3, null)
  for (const end of [before, day])
    expect((await factsOf(`NULL, ${from(early, end)}`)).get('period')?.isOrdered).toBeUndefined()
})
