import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { type ConformanceReport, conformanceTable, directEngine, runConformance } from '../../src/compile/index.ts'
import exclusions from './direct-exclusions.json' with { type: 'json' }

const data = process.env['CAREGAP_TEST_DATA'] ?? join(projectRoot, '..', 'shared', 'data')
const suite = join(data, 'cql-conformance', 'dev.json')
const present = existsSync(suite)
if (!present) console.log(`Skipped: the CQL test suite is not at ${suite}.`)

/** The table of docs/conformance.md stands between these lines. */
const table = /(<!-- table -->\n)[\s\S]*(\n<!-- \/table -->)/

const share = (of: readonly { readonly passed: boolean }[]) => of.filter((one) => one.passed).length / of.length

describe.skipIf(!present)('the CQL test suite on closures', () => {
  let report: ConformanceReport

  beforeAll(async () => {
    report = await runConformance(suite, directEngine)
  }, 600_000)

  test('every test passes that is not excluded with a reason', () => {
    const failed = report.results.filter((result) => !result.passed && !(result.id in exclusions))
    expect(failed.map(({ id, expression, expected, actual }) => ({ id, expression, expected, actual }))).toEqual([])
  })

  test('no excluded test passes: its exclusion would be out of date', () => {
    const passed = report.results.filter((result) => result.passed && result.id in exclusions)
    expect(passed.map((result) => result.id)).toEqual([])
  })

  test('98% of the operators in use and 95% of all pass', () => {
    expect(share(report.results.filter((result) => result.core))).toBeGreaterThanOrEqual(0.98)
    expect(share(report.results)).toBeGreaterThanOrEqual(0.95)
  })

  test('docs/conformance.md shows these figures', () => {
    const file = join(projectRoot, 'docs', 'conformance.md')
    const text = readFileSync(file, 'utf8')
    const current = text.replace(table, (_, begin: string, end: string) => begin + conformanceTable([report]) + end)
    if (process.env['CAREGAP_UPDATE'] === '1') writeFileSync(file, current)
    else expect(text).toBe(current)
  })
})
