import { expect, test } from 'vitest'
import { personFilter } from '../../src/access/index.ts'
import { openStore, personPredicate, readHiddenPids } from '../../src/store/index.ts'

async function storeWithThree() {
  const store = await openStore({ path: ':memory:' })
  await store.session.run(
    `INSERT INTO person (pid, deceased, sources) VALUES (1, false, 1), (2, false, 1), (3, false, 1)`,
  )
  await store.session.run(
    `INSERT INTO attribution (pid, tin, source_id, visits) VALUES (1, 'a', 1, 1), (2, 'b', 1, 1), (2, 'a', 2, 1), (1, NULL, 1, 1)`,
  )
  return store
}

test.each([
  [undefined, [1, 2, 3]],
  [['a'], [1, 2]],
  [['b', 'c'], [2]],
  [[], []],
  [["' OR TRUE --"], []],
])('a user of practices %o sees the persons %o', async (practices, expected) => {
  const { session } = await storeWithThree()
  const principal = { userId: 'u', role: 'quality' as const, ...(practices === undefined ? {} : { practices }) }
  const visible = personPredicate(personFilter(principal), 'p.pid')
  const rows = await session.all<{ pid: number }>(
    `SELECT p.pid FROM person p WHERE ${visible.sql} ORDER BY p.pid`,
    visible.parameters,
  )
  expect(rows.map((row) => row.pid)).toEqual(expected)
  const hidden = [1, 2, 3, 99].filter((pid) => !expected.includes(pid))
  expect(await readHiddenPids(session, personFilter(principal), [99, 3, 2, 1, 1])).toEqual(
    practices === undefined ? [] : hidden,
  )
})
