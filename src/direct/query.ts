import {
  boundBy,
  type CoreNode,
  distinctValues,
  isList,
  looksAt,
  type RowsNode,
  runFault,
  sortOrder,
  Tuple,
  type Value,
} from '../core/index.ts'
import type { EachRow, Evaluate, RowsSeen, Session } from './closure.ts'

type Compile = (node: CoreNode) => Evaluate
type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Rows<K extends RowsNode['kind']> = Extract<RowsNode, { kind: K }>

/** Rows of a scope as a visitor: nothing is collected that nobody asks for. */
export function rowsClosure(rows: RowsNode, compile: Compile): EachRow {
  switch (rows.kind) {
    case 'for':
      return forClosure(rows, compile)
    case 'let':
      return letClosure(rows, compile)
    case 'where':
      return whereClosure(rows, compile)
    case 'semi':
      return semiClosure(rows, compile)
  }
}

function forClosure(rows: Rows<'for'>, compile: Compile): EachRow {
  const [first, ...others] = rows.sources
  if (first !== undefined && others.length === 0) return singleSource(compile(first.value), first.variable.id)
  return manySources(rows, compile)
}

/** Queries within queries over a record of very many resources end in a fault of that person, never in hours. */
function spendRow(session: Session): void {
  session.rowsLeft -= 1
  if (session.rowsLeft < 0)
    throw runFault('too-many-rows', 'The queries over this record look at more rows than one evaluation may.')
}

/** Nearly all queries have one source. */
function singleSource(value: Evaluate, id: number): EachRow {
  return (variables, session, visit) => {
    const items = value(variables, session)
    if (items === null) return 'null'
    if (!isList(items)) {
      variables[id] = items
      visit()
      return 'single'
    }
    for (const item of items) {
      spendRow(session)
      variables[id] = item
      visit()
    }
    return 'list'
  }
}

/** The first source slowest. A source that looks at no row before it is evaluated once, when it is first needed. */
function manySources(rows: Rows<'for'>, compile: Compile): EachRow {
  const before = (index: number) => new Set(rows.sources.slice(0, index).map((source) => source.variable.id))
  const sources = rows.sources.map(({ value, variable }, index) => ({
    value: compile(value),
    constant: !looksAt(value, before(index)),
    id: variable.id,
  }))
  return (variables, session, visit) => {
    const kept: Value[] = []
    const visitFrom = (index: number): RowsSeen => {
      const source = sources[index]
      if (source === undefined) {
        visit()
        return 'single'
      }
      const known = source.constant ? kept[index] : undefined
      const items = known === undefined ? source.value(variables, session) : known
      kept[index] = items
      if (items === null) return 'null'
      if (!isList(items)) {
        variables[source.id] = items
        return visitFrom(index + 1)
      }
      let seen: RowsSeen = 'list'
      for (const item of items) {
        spendRow(session)
        variables[source.id] = item
        if (visitFrom(index + 1) === 'null') seen = 'null'
      }
      return seen
    }
    return visitFrom(0)
  }
}

function letClosure(rows: Rows<'let'>, compile: Compile): EachRow {
  const [each, value, id] = [rowsClosure(rows.rows, compile), compile(rows.value), rows.variable.id]
  return (variables, session, visit) =>
    each(variables, session, () => {
      variables[id] = value(variables, session)
      visit()
    })
}

function whereClosure(rows: Rows<'where'>, compile: Compile): EachRow {
  const [each, condition] = [rowsClosure(rows.rows, compile), compile(rows.condition)]
  return (variables, session, visit) =>
    each(variables, session, () => {
      if (condition(variables, session) === true) visit()
    })
}

/**
 * Every element is looked at, found or not: an error of a later one is an error of the whole. A source that looks
 * at no row is evaluated once, when it is first needed.
 */
function semiClosure(rows: Rows<'semi'>, compile: Compile): EachRow {
  const [each, source, condition] = [rowsClosure(rows.rows, compile), compile(rows.source), compile(rows.condition)]
  const constant = !looksAt(rows.source, new Set(boundBy(rows.rows)))
  const id = rows.variable.id
  return (variables, session, visit) => {
    let kept: Value | undefined
    return each(variables, session, () => {
      const items = constant && kept !== undefined ? kept : source(variables, session)
      kept = items
      let found = false
      for (const item of items === null ? [] : isList(items) ? items : [items]) {
        spendRow(session)
        variables[id] = item
        if (condition(variables, session) === true) found = true
      }
      if (found !== rows.negated) visit()
    })
  }
}

/** A list of a value for each row; of single sources the value itself, null where its row fell away. */
export function returnClosure(node: Node<'return'>, compile: Compile): Evaluate {
  const [each, value] = [rowsClosure(node.rows, compile), compile(node.value)]
  return (variables, session) => {
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
    const order = (a: (typeof ranked)[number], b: (typeof ranked)[number]) => {
      for (const [index, key] of keys.entries()) {
        const difference = sortOrder(a.ranks[index] ?? null, b.ranks[index] ?? null, session.env)
        if (difference !== 0) return difference * key.sign
      }
      return 0
    }
    return ranked.toSorted(order).map(({ item }) => item)
  }
}

export function foldClosure(node: Node<'fold'>, compile: Compile): Evaluate {
  const each = rowsClosure(node.rows, compile)
  const [initial, step] = [compile(node.initial), compile(node.step)]
  const ids = variablesOf(node.rows)
  const accumulator = node.accumulator.id
  return (variables, session) => {
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

function variablesOf(rows: RowsNode): number[] {
  if (rows.kind === 'for') return rows.sources.map((source) => source.variable.id)
  return rows.kind === 'let' ? [...variablesOf(rows.rows), rows.variable.id] : variablesOf(rows.rows)
}

function distinctRows(rows: readonly Value[][], env: Parameters<typeof distinctValues>[1]): Value[][] {
  const tuples = rows.map((row) => new Tuple(new Map(row.map((value, index) => [String(index), value]))))
  const kept = new Set(distinctValues(tuples, env))
  return rows.filter((_, index) => kept.has(tuples[index] ?? null))
}
