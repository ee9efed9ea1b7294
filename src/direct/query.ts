import {
  boundBy,
  type CoreNode,
  distinctValues,
  type Environment,
  freeVariables,
  isList,
  looksAt,
  type RowsNode,
  runFault,
  sortOrder,
  Tuple,
  type Value,
} from '../core/index.ts'
import type { EachRow, Evaluate, RowsSeen, Session } from './closure.ts'
import { type Compile, ElementMemo, keeping, Memo } from './memo.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Rows<K extends RowsNode['kind']> = Extract<RowsNode, { kind: K }>

/** How the parts of a query are compiled: its first source by `outside`, what each row evaluates by `perRow`. */
interface QueryCompilers {
  readonly outside: Compile
  readonly perRow: Compile
  /** What no row changes, for one run of the query. */
  readonly memo: Memo
  /** What each element of the only source gives, for all runs over the same list. */
  readonly elements: ElementMemo
}

function queryCompilers(rows: RowsNode, outside: Compile): QueryCompilers {
  const [memo, elements, bound] = [new Memo(), new ElementMemo(), new Set(boundBy(rows))]
  const [first, ...others] = sourcesOf(rows)
  const only = outside.nested && others.length === 0 ? first?.variable.id : undefined
  const perRow = keeping(outside, (node) => {
    if (!looksAt(node, bound)) return memo
    const free = freeVariables(node)
    return only !== undefined && free.size === 1 && free.has(only) ? elements : undefined
  })
  return { outside, perRow, memo, elements }
}

function sourcesOf(rows: RowsNode): Rows<'for'>['sources'] {
  return rows.kind === 'for' ? rows.sources : sourcesOf(rows.rows)
}

/** Rows of a scope as a visitor: nothing is collected that nobody asks for. */
function rowsClosure(rows: RowsNode, compilers: QueryCompilers): EachRow {
  switch (rows.kind) {
    case 'for':
      return forClosure(rows, compilers)
    case 'let':
      return letClosure(rows, compilers)
    case 'where':
      return whereClosure(rows, compilers)
    case 'semi':
      return semiClosure(rows, compilers)
  }
}

function forClosure(rows: Rows<'for'>, compilers: QueryCompilers): EachRow {
  const [first, ...others] = rows.sources
  if (first !== undefined && others.length === 0) return singleSource(compilers, first)
  return manySources(rows, compilers)
}

/** Queries within queries over a record of very many resources end in a fault of that person, never in hours. */
export function spendRow(session: Pick<Session, 'rowsLeft'>): void {
  session.rowsLeft -= 1
  if (session.rowsLeft < 0)
    throw runFault('too-many-rows', 'The queries over this record look at more rows than one evaluation may.')
}

/** Nearly all queries have one source. */
function singleSource({ outside, elements }: QueryCompilers, source: Rows<'for'>['sources'][number]): EachRow {
  const [value, id] = [outside(source.value), source.variable.id]
  return (variables, session, visit) => {
    const items = value(variables, session)
    elements.begin(items)
    if (items === null) return 'null'
    if (!isList(items)) {
      elements.at = 0
      variables[id] = items
      visit()
      return 'single'
    }
    for (let at = 0; at < items.length; at += 1) {
      spendRow(session)
      elements.at = at
      variables[id] = items[at] ?? null
      visit()
    }
    return 'list'
  }
}

/** The first source slowest. No source sees another's rows; of several, one that is null has none. */
function manySources(rows: Rows<'for'>, { outside }: QueryCompilers): EachRow {
  const sources = rows.sources.map(({ value, variable }) => ({ value: outside(value), id: variable.id }))
  return (variables, session, visit) => {
    const given = sources.map(({ value }) => value(variables, session))
    const visitFrom = (index: number): void => {
      const [source, items] = [sources[index], given[index]]
      if (source === undefined || items === undefined) return visit()
      if (items === null) return
      for (const item of isList(items) ? items : [items]) {
        spendRow(session)
        variables[source.id] = item
        visitFrom(index + 1)
      }
    }
    visitFrom(0)
    return rowsSeen(given)
  }
}

/** A query is null where all its sources are (FHIR-40225). */
export function rowsSeen(sources: readonly Value[]): RowsSeen {
  if (sources.every((source) => source === null)) return 'null'
  return sources.some(isList) ? 'list' : 'single'
}

function letClosure(rows: Rows<'let'>, compilers: QueryCompilers): EachRow {
  const [each, value, id] = [rowsClosure(rows.rows, compilers), compilers.perRow(rows.value), rows.variable.id]
  return (variables, session, visit) =>
    each(variables, session, () => {
      variables[id] = value(variables, session)
      visit()
    })
}

function whereClosure(rows: Rows<'where'>, compilers: QueryCompilers): EachRow {
  const [each, condition] = [rowsClosure(rows.rows, compilers), compilers.perRow(rows.condition)]
  return (variables, session, visit) =>
    each(variables, session, () => {
      if (condition(variables, session) === true) visit()
    })
}

/**
 * Every element is looked at, found or not: an error of a later one is an error of the whole. What the condition
 * asks of the row alone is found once for each row, what it asks of the element alone once for each element.
 */
function semiClosure(rows: Rows<'semi'>, compilers: QueryCompilers): EachRow {
  const [each, source] = [rowsClosure(rows.rows, compilers), compilers.perRow(rows.source)]
  const [ofRow, ofElement] = [new Memo(), new ElementMemo()]
  const [element, row] = [new Set([rows.variable.id]), new Set(boundBy(rows.rows))]
  const condition = keeping(compilers.perRow, (node) => {
    if (!looksAt(node, element)) return ofRow
    return looksAt(node, row) ? undefined : ofElement
  })(rows.condition)
  const id = rows.variable.id
  return (variables, session, visit) => {
    const seen = each(variables, session, () => {
      const items = source(variables, session)
      ofRow.begin()
      ofElement.begin(items)
      let found = false
      const elements = items === null ? [] : isList(items) ? items : [items]
      for (let at = 0; at < elements.length; at += 1) {
        spendRow(session)
        variables[id] = elements[at] ?? null
        ofElement.at = at
        if (condition(variables, session) === true) found = true
      }
      if (found !== rows.negated) visit()
    })
    ofElement.end()
    return seen
  }
}

/** A list of a value for each row; of single sources the value itself, null where its row fell away. */
export function returnClosure(node: Node<'return'>, compile: Compile): Evaluate {
  const compilers = queryCompilers(node.rows, compile)
  const [each, value, memo] = [rowsClosure(node.rows, compilers), compilers.perRow(node.value), compilers.memo]
  return (variables, session) => {
    memo.begin()
    const results: Value[] = []
    const seen = each(variables, session, () => void results.push(value(variables, session)))
    if (seen === 'null') return null
    if (node.single && seen === 'single') return results[0] ?? null
    return node.distinct ? distinctValues(results, session.env) : results
  }
}

export function sortClosure(node: Node<'sort'>, compile: Compile): Evaluate {
  const list = compile(node.list)
  const keys = node.keys.map((key) => ({ value: compile(key.value), sign: key.descending ? -1 : 1 }))
  return (variables, session) => {
    const items = list(variables, session)
    if (items === null || !isList(items)) return items
    const ranked = items.map((item) => {
      variables[node.item.id] = item
      return { item, ranks: keys.map((key) => key.value(variables, session)) }
    })
    const signs = keys.map(({ sign }) => sign)
    return ranked.toSorted((a, b) => rankOrder(a.ranks, b.ranks, signs, session.env)).map(({ item }) => item)
  }
}

/** How two rows stand to each other by their keys; a sign of -1 turns a key round. */
export function rankOrder(
  a: readonly Value[],
  b: readonly Value[],
  signs: readonly number[],
  env: Environment,
): number {
  for (const [index, sign] of signs.entries()) {
    const difference = sortOrder(a[index] ?? null, b[index] ?? null, env)
    if (difference !== 0) return difference * sign
  }
  return 0
}

export function foldClosure(node: Node<'fold'>, compile: Compile): Evaluate {
  const compilers = queryCompilers(node.rows, compile)
  const each = rowsClosure(node.rows, compilers)
  const [initial, step] = [compile(node.initial), compile(node.step)]
  const ids = variablesOf(node.rows)
  const accumulator = node.accumulator.id
  return (variables, session) => {
    compilers.memo.begin()
    const rows: Value[][] = []
    const seen = each(variables, session, () => void rows.push(ids.map((id) => variables[id] ?? null)))
    if (seen === 'null') return null
    variables[accumulator] = initial(variables, session)
    for (const row of node.distinct ? distinctRows(rows, session.env) : rows) {
      for (const [index, id] of ids.entries()) variables[id] = row[index] ?? null
      variables[accumulator] = step(variables, session)
    }
    return variables[accumulator] ?? null
  }
}

/** The variables of rows: aliases, then lets. */
export function variablesOf(rows: RowsNode): number[] {
  if (rows.kind === 'for') return rows.sources.map((source) => source.variable.id)
  return rows.kind === 'let' ? [...variablesOf(rows.rows), rows.variable.id] : variablesOf(rows.rows)
}

/** Rows without doubles: of equal ones the first. */
export function distinctRows(rows: readonly Value[][], env: Parameters<typeof distinctValues>[1]): Value[][] {
  const tuples = rows.map((row) => new Tuple(new Map(row.map((value, index) => [String(index), value]))))
  const kept = new Set(distinctValues(tuples, env))
  return rows.filter((_, index) => kept.has(tuples[index] ?? null))
}
