import { expect, test } from 'vitest'
import { findIrregularPersons } from './set-data.ts'
import { openStore } from './store.ts'

const rows = [
  "(2, 21, NULL, 'male', NULL)",
  "(4, 41, ['gender', 'extension'], NULL, NULL)",
  "(4, 42, ['extension'], NULL, NULL)",
  "(5, 52, ['birthDate'], NULL, NULL)",
  "(NULL, 51, ['gender'], 'other', NULL)",
]

test('persons whom columns cannot show are set aside, with the first element that is read and not shown', async () => {
  const store = await openStore({ path: ':memory:' })
  try {
    await store.session.run(
      `CREATE OR REPLACE TABLE typed_patient (pid INTEGER, rid BIGINT, irregular VARCHAR[], gender VARCHAR,
         extension STRUCT(url VARCHAR, "valueCode" VARCHAR)[])`,
    )
    await store.session.run(`INSERT INTO typed_patient VALUES ${rows.join(', ')}`)
    const irregular = async (...elements: readonly string[]) => [
      ...(await findIrregularPersons(store.session, [{ type: 'Patient', elements }])),
    ]
    expect(await irregular('gender')).toEqual([[4, 'Patient.gender in a form that no column shows']])
    expect(await irregular('gender', 'extension')).toEqual([[4, 'Patient.extension in a form that no column shows']])
    expect(await irregular('active')).toEqual([])
  } finally {
    store.close()
  }
})
