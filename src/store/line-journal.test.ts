import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openJournal, takeOver } from './line-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'caregap-journal-'))
const path = join(folder, 'a.duckdb.audit')
afterEach(() => rmSync(path, { force: true }))

async function left(): Promise<readonly unknown[]> {
  const found: unknown[] = []
  await takeOver(path, async (rows) => void found.push(...rows))
  return found
}

test('what was appended and not yet in the table is taken over, once, without a line that was cut', async () => {
  const journal = openJournal<{ n: number }>(path)
  for (const n of [1, 2, 3]) journal.append({ n })
  journal.close()
  appendFileSync(path, '{"n":')
  expect(await left()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  expect(await left()).toEqual([])
})

test('a damaged line before others is named and nothing is thrown away', async () => {
  appendFileSync(path, '{"n":1}\n{"n":\n{"n":3}\n')
  await expect(left()).rejects.toMatchObject({
    diagnostics: [{ code: 'store/journal-broken', place: { file: path, line: 2 } }],
  })
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":\n{"n":3}\n')
})
