import { assert, asyncProperty } from 'fast-check'
import { expect, test } from 'vitest'
import { directEngine, sqlEngine } from '../../src/compile/index.ts'
import { formatValue } from '../../src/core/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import { booleanExpression } from './random-expression.ts'

const count = Number(process.env['CAREGAP_PROPERTY_RUNS'] ?? 60)
const seed = Number(process.env['CAREGAP_PROPERTY_SEED'] ?? 20_261_122)
const sql = sqlEngine()

let translatedCount = 0
let total = 0

/** What an engine makes of an expression: its value, or that it failed. */
async function outcomes(expression: string): Promise<{ readonly direct: string; readonly sql: string }> {
  const translated = await translate({
    name: 'Random',
    sources: [cqlSource(`library Random version '1'\ndefine "Test":\n${expression}\n`)],
  })
  total += 1
  if (!translated.ok) return { direct: 'untranslated', sql: 'untranslated' }
  translatedCount += 1
  const of = async (engine: typeof directEngine) => {
    const outcome = await engine.run(translated.value, 'Test')
    return outcome.kind === 'value' ? formatValue(outcome.value) : 'error'
  }
  return { direct: await of(directEngine), sql: await of(sql) }
}

test('random expressions come to the same on closures and on SQL', async () => {
  await assert(
    asyncProperty(booleanExpression, async (expression) => {
      const found = await outcomes(expression)
      expect(found.sql).toBe(found.direct)
    }),
    { numRuns: count, seed },
  )
  expect(translatedCount / total).toBeGreaterThan(0.95)
}, 300_000)
