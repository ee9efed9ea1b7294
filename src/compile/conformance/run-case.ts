import { formatValue, type OperatorCase } from '../../core/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { parseExpected } from './expected.ts'
import type { ConformanceEngine, EngineOutcome } from './run-conformance.ts'
import { sameResult } from './same-result.ts'
import { refusalOf, testDefine, translateTest } from './translation.ts'

/** A case with what was made of it: a library of its own, or why it did not translate. */
export interface TranslatedCase extends OperatorCase {
  readonly closure?: LibraryClosure
  readonly refusal?: string
}

export interface CaseResult extends OperatorCase {
  readonly passed: boolean
  readonly actual: string
}

/** Translates cases of the operators' suite, each as a library of its own. */
export async function translateCases(cases: readonly OperatorCase[]): Promise<readonly TranslatedCase[]> {
  const made: TranslatedCase[] = []
  for (const [index, one] of cases.entries()) {
    const translated = await translateTest(one.expression, undefined, `Case${index + 1}`)
    made.push({ ...one, ...(translated.ok ? { closure: translated.value } : { refusal: refusalOf(translated) }) })
  }
  return made
}

/** Runs cases on an engine; `error` passes where a case does not translate, compile or run. */
export async function runCases(
  cases: readonly TranslatedCase[],
  engine: ConformanceEngine,
): Promise<readonly CaseResult[]> {
  const closures = cases.flatMap(({ closure }) => (closure === undefined ? [] : [closure]))
  const outcomes = new Map<LibraryClosure, EngineOutcome>()
  if (engine.runAll === undefined)
    for (const closure of closures) outcomes.set(closure, await engine.run(closure, testDefine))
  else
    for (const [index, outcome] of (await engine.runAll(closures, testDefine)).entries()) {
      const closure = closures[index]
      if (closure !== undefined) outcomes.set(closure, outcome)
    }
  return cases.map((one) => {
    const outcome = one.closure === undefined ? undefined : outcomes.get(one.closure)
    return judge(one, outcome ?? { kind: 'error', message: one.refusal ?? 'There is no outcome.' })
  })
}

function judge({ expression, expected }: OperatorCase, outcome: EngineOutcome): CaseResult {
  const actual = outcome.kind === 'value' ? formatValue(outcome.value) : `error: ${outcome.message}`
  const passed =
    outcome.kind === 'error'
      ? expected === 'error'
      : expected !== 'error' && sameResult(parseExpected(expected), outcome.value)
  return { expression, expected, passed, actual }
}
