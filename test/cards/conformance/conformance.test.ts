import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../../src/base/index.ts'
import { conformanceTable } from './conformance-table.ts'
import mutants from './mutants.json' with { type: 'json' }
import { requirementRows } from './requirement-rows.ts'
import { filesByRow } from './row-titles.ts'

const files = filesByRow()
const needed = requirementRows.filter(({ level }) => level === 'MUST' || level === 'BAR')

test('every MUST and BAR row stands in the title of a test; of the others those that do not say why', () => {
  expect(needed.filter(({ id }) => !files.has(id)).map(({ id }) => id)).toEqual([])
  expect(requirementRows.filter(({ id, untested }) => files.has(id) === (untested !== undefined))).toEqual([])
})

test('tests name no row that is not there', () => {
  const known = new Set(requirementRows.map(({ id }) => id))
  expect([...files.keys()].filter((id) => !known.has(id))).toEqual([])
})

test('docs/cds-conformance.md is the table of today (npx vitest run test/cards/conformance -u)', async () => {
  await expect(conformanceTable(files)).toMatchFileSnapshot(join(projectRoot, 'docs', 'cds-conformance.md'))
})

test('every MUST and BAR row has a mutant, whose text stands in its file and whose test names the row', () => {
  const rows = new Set(mutants.map(({ row }) => row))
  expect(needed.filter(({ id }) => !rows.has(id)).map(({ id }) => id)).toEqual([])
  expect(mutants.filter(({ file, take }) => !readFileSync(join(projectRoot, file), 'utf8').includes(take))).toEqual([])
  expect(mutants.filter(({ row, test }) => files.get(row)?.includes(test) !== true)).toEqual([])
})

test('the last mutation run took out what is listed, and no mutant survived it', () => {
  const report = readFileSync(join(projectRoot, 'docs', 'cds-mutations.md'), 'utf8')
  const lines = report.split('\n').filter((line) => /^\| [A-Z]/.test(line))
  expect(lines.map((line) => line.split(' | ')[0]?.slice(2))).toEqual(mutants.map(({ row }) => row))
  expect(lines.filter((line) => !line.includes('| failed: '))).toEqual([])
})
