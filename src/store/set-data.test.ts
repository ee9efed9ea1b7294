import { expect, test } from 'vitest'
import { findIrregularPersons } from './set-data.ts'
import { openStore } from './store.ts'

const rows = [
  "(1, 11, NULL, 'female', [{'url': 'x', 'valueCode': 'a'}])",
  "(1, 12, NULL, 'female', [{'url': 'x', 'valueCode': 'b'}])",
  "(2, 21, NULL, 'male', NULL)",
  "(2, 22, NULL, 'male', NULL)",
  "(3, 31, NULL, 'male', NULL)",
  '(3, 32, NULL, NULL, NULL)',
  "(4, 41, ['gender'], NULL, NULL)",
  "(NULL, 51, ['gender'], 'other', NULL)",
]

test('persons of several Patients are set aside where these differ in what is read, and whom columns cannot show', async () => {
  const store = await openStore({ path: ':memory:' })
  try {
    await store.session.run(
      `CREATE OR REPLACE TABLE typed_patient (pid INTEGER, rid BIGINT, irregular VARCHAR[], gender VARCHAR,
         extension STRUCT(url VARCHAR, "valueCode" VARCHAR)[])`,
    )
    await store.session.run(`INSERT INTO typed_patient VALUES ${rows.join(', ')}`)
    const irregular = (...names: readonly string[]) =>
      findIrregularPersons(store.session, [{ type: 'Patient', elements: names, columns: names }])
    expect(await irregular('gender')).toEqual([3, 4])
    expect(await irregular('extension')).toEqual([1])
    expect(await irregular('gender', 'extension')).toEqual([1, 3, 4])
  } finally {
    store.close()
  }
})
