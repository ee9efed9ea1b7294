import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { coreText } from '../../src/compile/index.ts'
import { type InstalledMeasure, type LoadedContent, loadContent } from '../../src/content/index.ts'
import { compileDefines } from '../../src/core/index.ts'
import { createDirectEvaluator } from '../../src/direct/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { casesOf, recordOf } from '../content/measure-case.ts'

// The closures and the interpreter read the same logic by different code: for every case of our own measures
// they must give every define the same letter, and hold the same resources.

const measureIds = [
  'breast-cancer-screening',
  'colorectal-cancer-screening',
  'controlling-blood-pressure',
  'depression-screening',
  'glycemic-status',
]
let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

function installed(id: string): InstalledMeasure {
  const measure = content.measures.find((candidate) => candidate.id === id)
  if (measure === undefined) throw new RangeError(`${id} is not installed`)
  return measure
}

interface Shown {
  readonly letter: string
  readonly rids: readonly string[]
  readonly fault?: { readonly message: string }
}

const shown = (value: Shown | undefined) =>
  value === undefined ? 'none' : `${value.letter} [${value.rids.join(' ')}] ${value.fault?.message ?? ''}`

describe.each(measureIds)('%s', (id) => {
  const cases = [...casesOf(id)]

  test('its core is as it was', async () => {
    const measure = installed(id)
    const text = coreText(unwrap(compileDefines(measure.closure, measureDefines(measure))))
    const golden = join(projectRoot, 'test', 'compiler', 'golden', `${id}.core.txt`)
    await expect(`${text}\n`).toMatchFileSnapshot(golden)
  })

  test('has cases', () => expect(cases.length).toBeGreaterThan(20))

  test(`direct and interpreter agree on every define of ${cases.length} cases`, async () => {
    const measure = installed(id)
    const defines = measureDefines(measure)
    const periods = new Map(cases.map(([, { period }]) => [JSON.stringify(period), period]))
    const differences: string[] = []
    for (const [key, period] of periods) {
      const options = {
        closure: measure.closure,
        defines,
        valueSets: content.valueSets,
        period: { ...period, timeZone: 'UTC' },
      }
      const direct = unwrap(createDirectEvaluator(options))
      const interpreter = unwrap(createInterpreter(options))
      for (const [file, { bundle }] of cases.filter(([, one]) => JSON.stringify(one.period) === key)) {
        const record = recordOf(bundle.entry.map(({ resource }) => resource))
        const [ours, theirs] = [direct.evaluate(record), await interpreter.evaluate(record)]
        for (const define of defines) {
          const [a, b] = [ours.defines.get(define), theirs.defines.get(define)]
          if (a?.letter !== b?.letter || String(a?.rids) !== String(b?.rids))
            differences.push(`${file} ${define}: ${shown(a)} / ${shown(b)}`)
          if (define === measure.dueDate && String(a?.value) !== String(b?.value))
            differences.push(`${file} ${define}: ${String(a?.value)} / ${String(b?.value)}`)
        }
      }
    }
    expect(differences).toEqual([])
  })
})
