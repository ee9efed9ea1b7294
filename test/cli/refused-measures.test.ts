import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { buildCopy } from '../ingest/built-copy.ts'

// A built copy of the project whose shipped logic is broken: what its commands say and leave behind.
let copy: ReturnType<typeof buildCopy>
const at = (...path: readonly string[]) => join(dirname(copy.dist), ...path)

beforeAll(() => {
  copy = buildCopy()
  for (const folder of ['cql', 'measures']) cpSync(join(projectRoot, folder), at(folder), { recursive: true })
  writeFileSync(at('people.ndjson'), '{"resourceType":"Patient","id":"a","gender":"male","birthDate":"1960-01-01"}\n')
  expect(command('ingest', at('people.ndjson'), '--source', 'north').code).toBe(0)
})

afterAll(() => copy.remove())

function command(...argumentList: readonly string[]) {
  const code = `import(${JSON.stringify(pathToFileURL(join(copy.dist, 'cli', 'main.js')).href)}).then((cli) => cli.main(process.argv.slice(1)))`
  const given = ['-e', code, ...argumentList, '--db', at('people.duckdb'), '--json']
  const done = spawnSync(process.execPath, given, { cwd: at(), encoding: 'utf8' })
  return { code: done.status, stdout: done.stdout, stderr: done.stderr }
}

const period = ['--period', '2026-01-01..2026-12-31'] as const

test('a measure whose CQL does not translate is refused with its place: exit code 3, and the others run', () => {
  appendFileSync(at('cql', 'GlycemicStatus.cql'), '\ndefine "Broken": nowhere\n')
  const all = command('evaluate', '--all', ...period)
  expect(all.code, all.stderr).toBe(3)
  expect(all.stderr).toMatch(
    /GlycemicStatus\.cql:GlycemicStatus:\d+:\d+: Could not resolve identifier nowhere.* Correct the CQL/,
  )
  const { run, scorecard, failed } = JSON.parse(all.stdout)
  expect(failed).toEqual(['glycemic-status'])
  expect(scorecard).toMatchObject([
    { measureId: 'breast-cancer-screening' },
    { measureId: 'colorectal-cancer-screening' },
    { measureId: 'controlling-blood-pressure' },
    { measureId: 'depression-screening' },
  ])

  const alone = command('evaluate', '--measure', 'glycemic-status', ...period)
  expect(alone.code, alone.stderr).toBe(3)
  expect(JSON.parse(alone.stdout).error).toMatchObject([{ code: 'elm/translation' }])
  const shown = command('compile', 'glycemic-status')
  expect(shown.code, shown.stderr).toBe(3)
  expect(JSON.parse(shown.stdout).error).toMatchObject([{ code: 'elm/translation' }])
  expect(command('results', '--run', String(run.runId + 1), '--ndjson').code).toBe(3)
})

test('a measure whose value set is missing is refused with the set: exit code 3', () => {
  rmSync(at('cql', 'valuesets', 'essential-hypertension.json'))
  const alone = command('evaluate', '--measure', 'controlling-blood-pressure', ...period)
  expect(alone.code, alone.stderr).toBe(3)
  expect(JSON.parse(alone.stdout).error).toMatchObject([{ code: 'content/missing-value-set' }])
  expect(alone.stderr).toMatch(/Value set "Essential Hypertension" .* Load its whole expansion/)
})
