import { expect } from 'vitest'
import { type DirectEvaluator, type ExplainedDefine, isSameValue, withoutResources } from '../../src/direct/index.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'

/** How many defines cited something, how many of those are another without it, and how many cite nothing. */
export interface Tally {
  readonly cited: number
  readonly changes: number
  readonly nothing: number
}

/**
 * Holds an explanation of a record to what it says, by evaluating records without some of the resources:
 * - the letters are those of the evaluation;
 * - whatever is not cited may go, all of it or some (`drawn`), and the value stays; where nothing is cited, nothing matters;
 * - without all that is cited the value is another, or it is said that it is not;
 * - a value that holds a resource is always another without what it cites.
 */
export function holdToWord(evaluator: DirectEvaluator, record: PersonRecord, drawn: readonly boolean[]): Tally {
  const explained = evaluator.explain(record)
  const evaluated = new Map<string, ReturnType<DirectEvaluator['evaluate']>>()
  const explainedAgain = new Map<string, ReturnType<DirectEvaluator['explain']>>()
  /** Evaluated as ever; only what included libraries define must be asked of an explanation. */
  const valueWithout = (gone: readonly string[], key: string, { library, name }: ExplainedDefine) => {
    const left = withoutResources(record, new Set(gone))
    if (library === explained.main) {
      const values = evaluated.get(gone.join()) ?? evaluator.evaluate(left)
      evaluated.set(gone.join(), values)
      const value = values.defines.get(name)
      if (value !== undefined) return value
    }
    const again = explainedAgain.get(gone.join()) ?? evaluator.explain(left)
    explainedAgain.set(gone.join(), again)
    return (again.defines.get(key) as ExplainedDefine).value
  }
  const main = [...evaluator.evaluate(record).defines]
  expect(main.map(([name, { letter }]) => `${name} ${letter}`)).toEqual(
    main.map(([name]) => `${name} ${explained.defines.get(`${explained.main}.${name}`)?.value.letter}`),
  )
  const tally = { cited: 0, changes: 0, nothing: 0 }
  for (const [key, define] of explained.defines) {
    const cited = new Set(define.cited)
    const uncited = record.entries.map(({ rid }) => rid).filter((rid) => !cited.has(rid))
    for (const gone of [uncited, uncited.filter((_, index) => drawn[index % drawn.length])]) {
      const left = valueWithout(gone, key, define)
      if (!isSameValue(left, define.value))
        expect.fail(
          `${key} is ${define.value.letter}, cites [${define.cited.join()}], is ${left.letter} without [${gone.join()}]`,
        )
    }
    if (cited.size === 0) {
      expect(define.without, key).toBeUndefined()
      tally.nothing += 1
      continue
    }
    const changes = !isSameValue(valueWithout([...cited], key, define), define.value)
    expect(define.without?.changes, key).toBe(changes)
    if (define.value.rids.length > 0) expect(changes, key).toBe(true)
    tally.cited += 1
    if (changes) tally.changes += 1
  }
  return tally
}
