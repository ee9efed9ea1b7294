import { expect, test } from 'vitest'
import { finish } from '../base/index.ts'
import type { CoreType } from '../core/index.ts'
import { typedFields } from '../fhir/index.ts'
import { heldType } from '../plan/algebra/held-type.ts'
import type { Expr, Plan } from '../plan/index.ts'
import { narrowed, narrowLists as stepsOf } from './narrow-lists.ts'
import { printProgram } from './print-plan.ts'

const narrowLists = (root: Plan) => finish(stepsOf(root))

const component = typedFields('Observation')?.find(({ name }) => name === 'component')?.options[0]
if (component === undefined) throw new RangeError('an Observation has components')
const part = heldType('Observation.Component', component.shape)
const parts: CoreType = { kind: 'list', of: part }
const concept: CoreType = { kind: 'class', model: 'FHIR', name: 'CodeableConcept' }
const number: CoreType = { kind: 'system', name: 'Integer' }
const item: Expr = { kind: 'column', name: 'item', type: part }
const code: Expr = { kind: 'field', source: item, name: 'code', type: concept }

const scan: Plan = {
  op: 'scan',
  table: 'typed_observation',
  sources: {},
  columns: [
    { name: 'pid', type: number },
    { name: 'component', type: parts },
  ],
}
const items: Plan = {
  op: 'unnest',
  input: scan,
  list: { kind: 'column', name: 'component', type: parts },
  item: 'item',
  position: 'pos',
  columns: [...scan.columns, { name: 'item', type: part }, { name: 'pos', type: number }],
}
const numbered = (by: Expr): Plan => ({
  op: 'window',
  input: items,
  number: 'n',
  partition: [by],
  order: [],
  columns: [...items.columns, { name: 'n', type: number }],
})

const printed = (exprs: Readonly<Record<string, Expr>>): string => {
  const made = Object.entries(exprs).map(([name, { type }]) => ({ name, type }))
  const columns = [...numbered(code).columns, ...made]
  return printProgram({
    key: 'pid',
    root: { op: 'project', input: numbered(code), exprs, columns },
    defines: [],
    units: { own: [], stored: [] },
  }).query
}

test('an element that only a partition reads is carried', () => {
  expect(narrowed(parts, narrowLists(numbered(code)))).toEqual(['code'])
})

test('where structures are compared as wholes they stay as they are stored', () => {
  const root: Plan = { op: 'filter', input: numbered(item), condition: code, columns: numbered(item).columns }
  expect(narrowed(parts, narrowLists(root))).toBeUndefined()
})

test('where the text names the type of a structure it stays as it is stored', () => {
  expect(printed({})).toContain('struct_pack(')
  expect(printed({ none: { kind: 'const', value: null, type: parts } })).not.toContain('struct_pack(')
})
