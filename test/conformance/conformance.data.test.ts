import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import {
  type ConformanceReport,
  compareEngines,
  conformanceTable,
  directEngine,
  interpreterEngine,
  sqlEngine,
} from '../../src/compile/index.ts'
import directExclusions from './direct-exclusions.json' with { type: 'json' }
import interpreterExclusions from './interpreter-exclusions.json' with { type: 'json' }
import sqlExclusions from './sql-exclusions.json' with { type: 'json' }

const data = process.env['CAREGAP_TEST_DATA'] ?? join(projectRoot, '..', 'shared', 'data')
const suite = join(data, 'cql-conformance', 'dev.json')
const present = existsSync(suite)
if (!present) console.log(`Skipped: the CQL test suite is not at ${suite}.`)

/** The table of docs/conformance.md stands between these lines. */
const table = /(<!-- table -->\n)[\s\S]*(\n<!-- \/table -->)/

const share = (of: readonly { readonly passed: boolean }[]) => of.filter((one) => one.passed).length / of.length

/** What an engine does not pass, with reasons. What closures do not pass no other engine of ours is asked for. */
const exclusions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  direct: directExclusions,
  sql: { ...directExclusions, ...sqlExclusions },
  interpreter: interpreterExclusions,
}

describe.skipIf(!present)('the CQL test suite', () => {
  let reports: ReadonlyMap<string, ConformanceReport>
  const reportOf = (engine: string) => reports.get(engine)?.results ?? []

  beforeAll(async () => {
    const made = await compareEngines(suite, [directEngine, sqlEngine(), interpreterEngine])
    reports = new Map(made.map((report) => [report.engine, report]))
  }, 600_000)

  test.each(Object.keys(exclusions))('on %s every test passes that is not excluded with a reason', (engine) => {
    const failed = reportOf(engine).filter((result) => !result.passed && !(result.id in (exclusions[engine] ?? {})))
    expect(failed.map(({ id, expression, expected, actual }) => ({ id, expression, expected, actual }))).toEqual([])
    expect(reportOf(engine).length).toBeGreaterThan(1000)
  })

  test.each(Object.keys(exclusions))('on %s no excluded test passes: its exclusion would be out of date', (engine) => {
    const passed = reportOf(engine).filter((result) => result.passed && result.id in (exclusions[engine] ?? {}))
    expect(passed.map((result) => result.id)).toEqual([])
  })

  test.each(['direct', 'sql'])('on %s 98% of the operators in use and 95% of all pass', (engine) => {
    expect(share(reportOf(engine).filter((result) => result.core))).toBeGreaterThanOrEqual(0.98)
    expect(share(reportOf(engine))).toBeGreaterThanOrEqual(0.95)
  })

  test('docs/conformance.md shows these figures', () => {
    const file = join(projectRoot, 'docs', 'conformance.md')
    const text = readFileSync(file, 'utf8')
    const made = conformanceTable([...reports.values()])
    const current = text.replace(table, (_, begin: string, end: string) => begin + made + end)
    if (process.env['CAREGAP_UPDATE'] === '1') writeFileSync(file, current)
    else expect(text).toBe(current)
  })
})
