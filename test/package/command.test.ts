import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/main.ts'
import { bundleFile, folderOf, library, logic, measure, scratch, valueSet } from './package-kit.ts'

const db = join(scratch, 'command.duckdb')

async function caregap(...args: readonly string[]) {
  let stdout = ''
  let stderr = ''
  const output = { stdout: (text: string) => void (stdout += text), stderr: (text: string) => void (stderr += text) }
  const code = await runCommandLine([...args, '--db', db], output)
  return { code, stdout, stderr }
}

const parts = [
  measure('M', '1.0.0', 'http://x/Library/Logic'),
  library('Logic', '1.0.0', logic('Logic', '1.0.0')),
  valueSet(['1']),
]

test('add, list, show, verify and remove, as text and as JSON', async () => {
  const path = bundleFile(parts)
  expect(await caregap('package', 'add', path)).toMatchObject({
    code: 0,
    stdout: 'M|1.0.0 is installed: 1 Library, 1 Measure, 1 ValueSet.\n  needs 1 value sets that are there\n',
  })
  const again = await caregap('package', 'add', path, '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ name: 'M', state: 'present' })
  expect((await caregap('package', 'list')).stdout).toMatch(
    /^M\|1\.0\.0 {2}1 Library, 1 Measure, 1 ValueSet {2}added 2/,
  )
  expect((await caregap('package', 'show', 'M|1.0.0')).stdout).toContain('  Library http://x/Library/Logic|1.0.0  ')
  expect(await caregap('package', 'verify')).toMatchObject({ code: 0, stdout: 'M|1.0.0: whole\n' })
  expect(await caregap('package', 'remove', 'M')).toMatchObject({ code: 0, stdout: 'M|1.0.0 is removed.\n' })
  expect((await caregap('package', 'list', '--json')).stdout).toBe('[]\n')
})

test('a measure of a package is evaluated by its id, with the value sets that its configuration accepts', async () => {
  const cut = valueSet(['2'], { expansion: { total: 9, contains: [{ system: 'http://loinc.org', code: '2' }] } })
  const config = join(scratch, 'config.json')
  writeFileSync(config, JSON.stringify({ acceptedValueSets: ['http://x/ValueSet/set'] }))
  const people = folderOf({ 'Patient.ndjson': `${JSON.stringify({ resourceType: 'Patient', id: 'p' })}\n` })
  expect((await caregap('ingest', people, '--source', 'lakeside')).code).toBe(0)
  expect((await caregap('package', 'add', bundleFile([...parts.slice(0, 2), cut]))).code).toBe(1)
  const evaluate = ['evaluate', '--measure', 'M', '--period', '2026-01-01..2026-12-31', '--json'] as const
  const refused = await caregap(...evaluate)
  expect(refused.code).toBe(3)
  expect(refused.stderr).toContain('Value set "Set" (http://x/ValueSet/set) is not at hand, empty or cut.')
  const { code, stdout } = await caregap(...evaluate, '--config', config)
  expect(code).toBe(0)
  // LOINC 1 is not among the codes that are there: nobody is in.
  expect(JSON.parse(stdout)).toMatchObject({
    scorecard: [{ measureId: 'M', counts: { initialPopulation: 0, persons: 1 } }],
  })
  expect((await caregap('package', 'remove', 'M')).code).toBe(0)
})

test('what is missing is listed with exit code 1; a faulty package is refused with 3, line by line', async () => {
  const needing = library('Needing', '1', logic('Needing', '1', [`include Gone version '2' called G`]))
  const warned = await caregap('package', 'add', bundleFile([needing], 'needing.json'))
  expect(warned).toMatchObject({ code: 1, stdout: expect.stringContaining('needs Library Gone|2: MISSING') as string })
  const bad = bundleFile(
    [
      { resourceType: 'Library', id: 'a' },
      { resourceType: 'Measure', id: 'b' },
    ],
    'bad.json',
  )
  const refused = await caregap('package', 'add', bad)
  expect(refused).toMatchObject({ code: 3, stdout: '' })
  expect(refused.stderr.split('\n').slice(0, 2)).toEqual([
    'caregap: bad.json:Library/a:entry[0].resource.url: The Library has no url. Give it its canonical.',
    'caregap: bad.json:Measure/b:entry[1].resource.url: The Measure has no url. Give it its canonical.',
  ])
})

test.each([
  [['package']],
  [['package', 'fetch']],
  [['package', 'add']],
  [['package', 'list', 'x']],
  [['package', 'show', 'x']],
])('caregap %j is wrong use', async (args) => {
  const { code, stderr } = await caregap(...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^caregap: .+\n$/)
})
