import { formatValue, type Value } from '../../core/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { parseExpected } from './expected.ts'
import { sameResult } from './same-result.ts'
import { type ConformanceTest, readSuite } from './suite.ts'
import { refusalOf, testDefine, translateTest } from './translation.ts'

/** What an engine makes of a define: a value, or why there is none (a diagnostic, or an error while running). */
export type EngineOutcome =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'error'; readonly message: string }

/** Anything that evaluates a define of a library: its values are core's, so that the comparison is the same for all. */
export interface ConformanceEngine {
  readonly name: string
  run(closure: LibraryClosure, define: string): Promise<EngineOutcome>
  /** The same define of many libraries, each of a name of its own, where that is done faster together. */
  runAll?(closures: readonly LibraryClosure[], define: string): Promise<readonly EngineOutcome[]>
}

export interface ConformanceResult {
  readonly id: string
  readonly suite: string
  readonly core: boolean
  readonly passed: boolean
  readonly expression: string
  readonly expected: string
  readonly actual: string
}

export interface ConformanceReport {
  readonly engine: string
  readonly passed: number
  readonly failed: number
  readonly total: number
  readonly results: readonly ConformanceResult[]
}

/**
 * Runs a file of the CQL test suite on an engine. A test passes where the engine's value is not distinct from
 * the expected one; a test that must fail, where it does not translate, does not compile or ends in an error.
 */
export async function runConformance(
  file: string,
  engine: ConformanceEngine,
  options: { readonly cacheDir?: string } = {},
): Promise<ConformanceReport> {
  const [report] = await compareEngines(file, [engine], options)
  return report ?? reportOf(engine, [])
}

/** Runs a file of the CQL test suite on several engines, each test translated once. */
export async function compareEngines(
  file: string,
  engines: readonly ConformanceEngine[],
  options: { readonly cacheDir?: string } = {},
): Promise<readonly ConformanceReport[]> {
  const results = engines.map((): ConformanceResult[] => [])
  for (const test of readSuite(file)) {
    const translated = await translateTest(test.expression, options.cacheDir)
    for (const [index, engine] of engines.entries()) {
      const outcome: EngineOutcome = translated.ok
        ? await engine.run(translated.value, testDefine)
        : { kind: 'error', message: refusalOf(translated) }
      results[index]?.push(judge(test, outcome))
    }
  }
  return engines.map((engine, index) => reportOf(engine, results[index] ?? []))
}

function reportOf(engine: ConformanceEngine, results: readonly ConformanceResult[]): ConformanceReport {
  const passed = results.filter((result) => result.passed).length
  return { engine: engine.name, passed, failed: results.length - passed, total: results.length, results }
}

function judge(test: ConformanceTest, outcome: EngineOutcome): ConformanceResult {
  const mustFail = test.invalid !== 'false'
  const passed =
    outcome.kind === 'value' ? !mustFail && sameResult(parseExpected(test.expected ?? 'null'), outcome.value) : mustFail
  return {
    id: test.id,
    suite: test.suite,
    core: test.core,
    passed,
    expression: test.expression,
    expected: mustFail ? 'an error' : (test.expected ?? 'null'),
    actual: outcome.kind === 'value' ? formatValue(outcome.value) : `error: ${outcome.message}`,
  }
}
