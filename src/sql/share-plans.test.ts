import { expect, test } from 'vitest'
import { finish } from '../base/index.ts'
import type { CoreType } from '../core/index.ts'
import type { Expr, Plan, ProgramPlan } from '../plan/index.ts'
import { printProgram } from './print-plan.ts'
import { sharePlans } from './share-plans.ts'

const number: CoreType = { kind: 'system', name: 'Integer' }
const truth: CoreType = { kind: 'system', name: 'Boolean' }
const moment: CoreType = { kind: 'system', name: 'DateTime' }

interface Wanted {
  /** Appended to every name: programs name what they make as they like. */
  readonly mark: string
  readonly least?: number
  readonly counts?: 'n' | 'when'
}

/** Persons with how many of their visits are long enough. */
function program({ mark, least = 5, counts = 'n' }: Wanted): ProgramPlan {
  const named = (name: string): string => `${name}${mark}`
  const [pid, own, length, when, many] = [named('pid'), named('own'), named('length'), named('when'), named('many')]
  const column = (name: string, type = number): Expr => ({ kind: 'column', name, type })
  const persons: Plan = {
    op: 'scan',
    table: 'person',
    sources: { [pid]: 'pid' },
    columns: [{ name: pid, type: number }],
  }
  const visits: Plan = {
    op: 'scan',
    table: 'visit',
    sources: { [own]: 'pid', [length]: 'length', [when]: 'start' },
    columns: [
      { name: own, type: number },
      { name: length, type: number },
      { name: when, type: moment },
    ],
  }
  const longer: Expr = {
    kind: 'call',
    template: 'lessOrEqual',
    type: truth,
    args: [{ kind: 'const', type: number, value: least }, column(length)],
  }
  const long: Plan = { op: 'filter', input: visits, condition: longer, columns: visits.columns }
  const value = counts === 'n' ? column(length) : column(when, moment)
  const counted: Plan = {
    op: 'group',
    input: long,
    keys: [own],
    aggregates: { [many]: { name: 'count', value } },
    columns: [
      { name: own, type: number },
      { name: many, type: number },
    ],
  }
  const columns = [...persons.columns, { name: many, type: number }]
  const root: Plan = { op: 'join', how: 'left', left: persons, right: counted, on: [[pid, own]], columns }
  return { key: pid, root, defines: [], units: { own: [], stored: [] } }
}

const share = (...wanted: readonly Wanted[]) => finish(sharePlans(wanted.map(program)))

test('what two programs name differently and mean alike is one table, and both read it', () => {
  const { shared, programs } = share({ mark: '_1' }, { mark: '_77' })
  expect(shared.map(({ program: { root } }) => printProgram({ ...program({ mark: '' }), root }).query)).toEqual([
    expect.stringMatching(/FROM visit[\s\S]*GROUP BY/),
  ])
  const texts = programs.map(({ plan }) => printProgram(plan).query)
  for (const text of texts) expect(text).not.toMatch(/visit|GROUP BY/)
  expect(programs.map(({ reads }) => [...reads])).toEqual(Array(2).fill(shared.map(({ table }) => table)))
  expect(texts[1]).toContain('"many_77"')
})

test('another constant, or another column that is counted, is another meaning', () => {
  expect(share({ mark: '_1' }, { mark: '_2', least: 6 }).shared).toEqual([])
  const { shared, programs } = share({ mark: '_1' }, { mark: '_2', counts: 'when' })
  expect(shared).toEqual([])
  expect(programs.map(({ plan }) => printProgram(plan))).toEqual(
    [program({ mark: '_1' }), program({ mark: '_2', counts: 'when' })].map(printProgram),
  )
})

test('what carries structures along is made where it is wanted', () => {
  const { shared, programs } = share({ mark: '_1' }, { mark: '_2' }, { mark: '_3', counts: 'when' })
  expect(shared).toHaveLength(1)
  expect(programs.map(({ reads }) => reads.size)).toEqual([1, 1, 0])
})

test('a program alone stays as it is', () => {
  const { shared, programs } = share({ mark: '_1' })
  expect(shared).toEqual([])
  expect(programs.map(({ plan }) => plan)).toEqual([program({ mark: '_1' })])
})
