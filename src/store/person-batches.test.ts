import { expect, test } from 'vitest'
import { batchesByLines } from './person-batches.ts'
import { openStore } from './store.ts'

test('persons are read in batches of about as many lines, whoever has very many alone', async () => {
  const store = await openStore({ path: ':memory:' })
  try {
    const add = (pid: number, lines: number) =>
      store.session.run(
        `INSERT INTO person_line (pid, spid, type, rid) SELECT $pid, $pid, 'Observation', range FROM range(${lines})`,
        { pid },
      )
    for (const [pid, lines] of [
      [1, 40_000],
      [2, 15_000],
      [3, 30_000],
      [4, 90_000],
      [5, 10],
    ] as const)
      await add(pid, lines)
    expect(await batchesByLines(store.session, [1, 2, 3, 4, 5, 6])).toEqual([[1, 2], [3], [4], [5, 6]])
    const uncounted = Array.from({ length: 2_500 }, (_, index) => 10 + index)
    expect((await batchesByLines(store.session, uncounted)).map(({ length }) => length)).toEqual([1_000, 1_000, 500])
    expect(await batchesByLines(store.session, [])).toEqual([])
  } finally {
    store.close()
  }
})
