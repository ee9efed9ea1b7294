import { beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { createDirectEvaluator, type Explained, type Run } from '../../src/direct/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { casesOf, recordOf } from '../content/measure-case.ts'
import { letterOfRun, ridsOfRun } from './run-value.ts'

let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

const telling = (value: string) => !/^[fnz] /.test(value)

/** What each clause gave by `Library#localId`: of one that ran many times the first value that tells something. */
function clausesOf(explained: Explained): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>()
  const seen = new Set<Run>()
  const visit = (run: Run): void => {
    if (seen.has(run)) return
    seen.add(run)
    for (const part of run.parts) visit(part)
    for (const row of run.rows ?? []) {
      for (const condition of row.conditions) if (!condition.late && condition.kind === 'where') visit(condition.run)
      // Of with and without the run is ours: what was asked of each element is among its parts.
      for (const condition of row.conditions)
        if (!condition.late && condition.kind !== 'where') condition.run.parts.forEach(visit)
      row.values.forEach(visit)
    }
    const { library, localId, locator } = run.node.origin
    const id = localId ?? locator
    if (id === undefined || run.node.kind === 'const') return
    const key = `${library}#${id}`
    const value = `${letterOfRun(run)} ${ridsOfRun(run).join(',')}`
    const known = clauses.get(key)
    if (known === undefined || (!telling(known) && telling(value))) clauses.set(key, value)
  }
  for (const { run } of explained.defines.values()) visit(run)
  return clauses
}

test('an explanation tells what each clause gave, as the interpreter tells it', async () => {
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
  const ours = clausesOf(unwrap(createDirectEvaluator(options)).explain(record))
  const trace = await unwrap(createInterpreter(options)).trace(record)
  const theirs = new Map<string, string>(
    [...trace].flatMap(([library, values]) =>
      [...values].map(([key, value]) => [`${library}#${key}`, `${value.letter} ${value.rids.join(',')}`] as const),
    ),
  )
  const both = [...ours.keys()].filter((key) => theirs.has(key))
  expect(both.length).toBeGreaterThan(100)
  const differ = both.filter((key) => ours.get(key) !== theirs.get(key))
  expect(differ.map((key) => `${key}: ${ours.get(key)} / ${theirs.get(key)}`)).toEqual([])
})
