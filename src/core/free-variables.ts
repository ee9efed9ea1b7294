import type { CoreNode, RowsNode } from './node.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Children = { readonly [K in CoreNode['kind']]: (node: Node<K>) => readonly CoreNode[] }

const none = (): readonly CoreNode[] => []

/** The nodes that a node is made of, rows of queries included. */
const children: Children = {
  const: none,
  param: none,
  ref: none,
  variable: none,
  call: (node) => node.args,
  path: (node) => [node.source],
  retrieve: (node) => (node.codes === undefined ? [] : [node.codes.value]),
  operator: (node) => node.args,
  coalesce: (node) => node.args,
  case: (node) => [...node.branches.flatMap(({ when, result }) => [when, result]), node.otherwise],
  is: (node) => [node.operand],
  as: (node) => [node.operand],
  tuple: (node) => node.fields.map((field) => field.value),
  instance: (node) => node.fields.map((field) => field.value),
  list: (node) => node.items,
  interval: (node) => [node.low, node.high, node.lowClosed, node.highClosed],
  return: (node) => [...nodesOfRows(node.rows), node.value],
  sort: (node) => [node.list, ...node.keys.map((key) => key.value)],
  fold: (node) => [...nodesOfRows(node.rows), node.initial, node.step],
}

function nodesOfRows(rows: RowsNode): readonly CoreNode[] {
  switch (rows.kind) {
    case 'for':
      return rows.sources.map((source) => source.value)
    case 'let':
      return [...nodesOfRows(rows.rows), rows.value]
    case 'where':
      return [...nodesOfRows(rows.rows), rows.condition]
    case 'semi':
      return [...nodesOfRows(rows.rows), rows.source, rows.condition]
  }
}

/** The nodes that a node is made of. */
export function childrenOf(node: CoreNode): readonly CoreNode[] {
  return (children[node.kind] as (node: CoreNode) => readonly CoreNode[])(node)
}

/** True where a node looks at one of these variables: its value may change from row to row. */
export function looksAt(node: CoreNode, variables: ReadonlySet<number>): boolean {
  if (node.kind === 'variable') return variables.has(node.variable.id)
  return childrenOf(node).some((child) => looksAt(child, variables))
}

/** Ids of the variables that a node looks at without binding them itself. */
export function freeVariables(node: CoreNode): ReadonlySet<number> {
  const [seen, bound] = [new Set<number>(), new Set<number>()]
  const visit = (one: CoreNode): void => {
    if (one.kind === 'variable') seen.add(one.variable.id)
    if (one.kind === 'return' || one.kind === 'fold') for (const id of boundBy(one.rows)) bound.add(id)
    if (one.kind === 'fold') bound.add(one.accumulator.id)
    if (one.kind === 'sort') bound.add(one.item.id)
    for (const child of childrenOf(one)) visit(child)
  }
  visit(node)
  return new Set([...seen].filter((id) => !bound.has(id)))
}

/** Ids of the variables that rows bind. */
export function boundBy(rows: RowsNode): readonly number[] {
  switch (rows.kind) {
    case 'for':
      return rows.sources.map((source) => source.variable.id)
    case 'let':
      return [...boundBy(rows.rows), rows.variable.id]
    case 'where':
      return boundBy(rows.rows)
    case 'semi':
      return [...boundBy(rows.rows), rows.variable.id]
  }
}
