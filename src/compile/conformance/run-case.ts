import { formatValue, type OperatorCase } from '../../core/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { parseExpected } from './expected.ts'
import type { ConformanceEngine, EngineOutcome } from './run-conformance.ts'
import { sameResult } from './same-result.ts'
import { refusalOf, testDefine, translateTest } from './translation.ts'

export interface CaseResult {
  readonly passed: boolean
  readonly actual: string
  /** What was run; absent where the case did not translate. */
  readonly closure?: LibraryClosure
}

/** Runs one case of the operators' suite on an engine; `error` passes where it does not translate, compile or run. */
export async function runCase(one: OperatorCase, engine: ConformanceEngine): Promise<CaseResult> {
  const translated = await translateTest(one.expression)
  const outcome: EngineOutcome = translated.ok
    ? await engine.run(translated.value, testDefine)
    : { kind: 'error', message: refusalOf(translated) }
  const actual = outcome.kind === 'value' ? formatValue(outcome.value) : `error: ${outcome.message}`
  const passed =
    outcome.kind === 'error'
      ? one.expected === 'error'
      : one.expected !== 'error' && sameResult(parseExpected(one.expected), outcome.value)
  return { passed, actual, ...(translated.ok ? { closure: translated.value } : {}) }
}
