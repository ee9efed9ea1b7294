import { beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { createDirectEvaluator, type DirectClauseTrace } from '../../src/direct/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { casesOf, recordOf } from '../content/measure-case.ts'

let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

function clauses(trace: DirectClauseTrace): ReadonlyMap<string, string> {
  const all = [...trace].flatMap(([library, values]) =>
    [...values].map(([key, value]) => [`${library}#${key}`, `${value.letter} ${value.rids.join(',')}`] as const),
  )
  return new Map(all)
}

test('a trace tells what each clause gave, as the interpreter tells it', async () => {
  const measure = content.measures.find(({ id }) => id === 'glycemic-status')
  const found = casesOf('glycemic-status').get('above-9-percent.json')
  if (measure === undefined || found === undefined) throw new RangeError('the case is there')
  const options = {
    closure: measure.closure,
    defines: measureDefines(measure),
    valueSets: content.valueSets,
    period: { ...found.period, timeZone: 'UTC' },
  }
  const record = recordOf(found.bundle.entry.map(({ resource }) => resource))
  const ours = clauses(unwrap(createDirectEvaluator(options)).trace(record))
  const theirs = clauses(await unwrap(createInterpreter(options)).trace(record))
  const both = [...ours.keys()].filter((key) => theirs.has(key))
  expect(both.length).toBeGreaterThan(100)
  const differ = both.filter((key) => ours.get(key) !== theirs.get(key))
  expect(differ.map((key) => `${key}: ${ours.get(key)} / ${theirs.get(key)}`)).toEqual([])
})
