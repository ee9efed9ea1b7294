import type { ElmNode } from '../../elm/index.ts'
import { declaredType } from '../elm-type.ts'
import type { CoreNode, RowsNode, Variable } from '../node.ts'
import { anyType, type CoreType, joinTypes, listType } from '../type.ts'
import { type Context, child, children, type LowerNode } from './context.ts'
import { pathNode } from './reference.ts'
import { constant } from './selector.ts'

const itemType = (type: CoreType): CoreType => (type.kind === 'list' ? type.of : type)
const isListType = (type: CoreType): boolean => type.kind === 'list'

function withNames(context: Context, names: readonly (readonly [string, Variable])[]): Context {
  return context.within({ ...context.scope, variables: new Map([...context.scope.variables, ...names]) })
}

/** Rows of the query's clauses, with the context in which what follows is lowered. */
interface Clauses {
  readonly rows: RowsNode
  readonly context: Context
}

function lowerSources(node: ElmNode, context: Context): Clauses {
  const sources: { variable: Variable; value: CoreNode; list: boolean }[] = []
  let inner = context
  for (const source of children(node, 'source')) {
    const value = inner.lower(child(source, 'expression'))
    const variable = context.variable(String(source['alias']), itemType(value.type))
    sources.push({ variable, value, list: isListType(value.type) })
    inner = withNames(inner, [[`alias:${variable.name}`, variable]])
  }
  return { rows: { kind: 'for', sources }, context: inner }
}

function lowerLets(node: ElmNode, { rows, context }: Clauses): Clauses {
  return children(node, 'let').reduce<Clauses>(
    (clauses, item) => {
      const value = clauses.context.lower(child(item, 'expression'))
      const variable = context.variable(String(item['identifier']), value.type)
      return {
        rows: { kind: 'let', rows: clauses.rows, variable, value },
        context: withNames(clauses.context, [[`let:${variable.name}`, variable]]),
      }
    },
    { rows, context },
  )
}

function lowerRelationships(node: ElmNode, { rows, context }: Clauses): Clauses {
  const narrowed = children(node, 'relationship').reduce<RowsNode>((input, item) => {
    const source = context.lower(child(item, 'expression'))
    const variable = context.variable(String(item['alias']), itemType(source.type))
    const condition = withNames(context, [[`alias:${variable.name}`, variable]]).lower(child(item, 'suchThat'))
    const negated = item.type === 'Without'
    return { kind: 'semi', rows: input, variable, source, list: isListType(source.type), condition, negated }
  }, rows)
  return { rows: narrowed, context }
}

function lowerWhere(node: ElmNode, { rows, context }: Clauses): Clauses {
  if (node['where'] === undefined) return { rows, context }
  return { rows: { kind: 'where', rows, condition: context.lower(child(node, 'where')) }, context }
}

/** What a query without `return` gives: the row of its one source, or a tuple of all. */
function rowValue(rows: RowsNode, context: Context): CoreNode {
  const origin = context.implied
  const fields = sourcesOf(rows).map((source) => {
    const variable = source.variable
    return { name: variable.name, value: { kind: 'variable' as const, variable, type: variable.type, origin } }
  })
  const [first] = fields
  if (first !== undefined && fields.length === 1) return first.value
  const elements = fields.map(({ name, value }) => ({ name, type: value.type }))
  return { kind: 'tuple', fields, type: { kind: 'tuple', elements }, origin }
}

/** The sources that open the scope of some rows. */
export function sourcesOf(rows: RowsNode): Extract<RowsNode, { kind: 'for' }>['sources'] {
  return rows.kind === 'for' ? rows.sources : sourcesOf(rows.rows)
}

function lowerReturn(node: ElmNode, { rows, context }: Clauses): CoreNode {
  const clause = node['return'] as ElmNode | undefined
  const value = clause === undefined ? rowValue(rows, context) : context.lower(child(clause, 'expression'))
  const single = sourcesOf(rows).every((source) => !source.list)
  return {
    kind: 'return',
    rows,
    value,
    distinct: clause !== undefined && clause['distinct'] !== false,
    single,
    type: single ? value.type : listType(value.type),
    origin: context.originOf(node),
  }
}

function lowerAggregate(node: ElmNode, { rows, context }: Clauses): CoreNode {
  const clause = child(node, 'aggregate')
  const starting = clause['starting'] as ElmNode | undefined
  const declared = declaredType(clause) ?? anyType
  const initial = starting === undefined ? constant(null, declared, clause, context) : context.lower(starting)
  const accumulator = context.variable(String(clause['identifier']), joinTypes([declared, initial.type]))
  const step = withNames(context, [[`let:${accumulator.name}`, accumulator]]).lower(child(clause, 'expression'))
  return {
    kind: 'fold',
    rows,
    accumulator,
    initial,
    step,
    distinct: clause['distinct'] === true,
    type: joinTypes([initial.type, step.type]),
    origin: context.originOf(node),
  }
}

const isDescending = (item: ElmNode): boolean => String(item['direction']).startsWith('desc')

function lowerSort(list: CoreNode, node: ElmNode, context: Context): CoreNode {
  const clause = node['sort'] as ElmNode | undefined
  if (clause === undefined || list.type.kind !== 'list') return list
  const item = context.variable('$this', list.type.of)
  const inner = context.within({ ...context.scope, item })
  const itself: CoreNode = { kind: 'variable', variable: item, type: item.type, origin: context.implied }
  const keys = children(clause, 'by').map((by) => ({ value: sortKey(by, itself, inner), descending: isDescending(by) }))
  return { kind: 'sort', list, item, keys, type: list.type, origin: context.originOf(node) }
}

function sortKey(by: ElmNode, itself: CoreNode, context: Context): CoreNode {
  if (by.type === 'ByExpression') return context.lower(child(by, 'expression'))
  return by.type === 'ByColumn' ? pathNode(itself, String(by['path']), by, context) : itself
}

/** Clauses in the order of the specification: sources, lets, with/without, where, then return or aggregate, sort. */
const lowerQuery: LowerNode = (node, context) => {
  const clauses = lowerWhere(node, lowerRelationships(node, lowerLets(node, lowerSources(node, context))))
  if (node['aggregate'] !== undefined) return lowerAggregate(node, clauses)
  return lowerSort(lowerReturn(node, clauses), node, context)
}

/** https://cql.hl7.org/elm.html#queries */
export const queryTable: Readonly<Record<string, LowerNode>> = {
  Query: lowerQuery,
}
