import { type CoreNode, isList, type RowsNode } from '../../core/index.ts'
import { rowsSeen, spendRow } from '../query.ts'
import {
  type Bound,
  type Cited,
  type ItemLineage,
  itemsOf,
  type Lineage,
  nothing,
  restsOn,
  union,
  wholeOf,
} from './lineage.ts'
import type { CompileExplain, ExplainSession, RowCondition, Run } from './run.ts'

/** One row on its way through the clauses of a query. */
export interface Row {
  readonly own: Cited
  /** As long as none of these is deleted, the row is there. */
  presence: Cited
  /** A condition has ended it; what is asked of it further is only told. */
  ended: boolean
  conditions: readonly RowCondition[]
  lets: readonly Run[]
}

/** What a query's rows come to. */
export interface RowsState {
  /** What keeps out the rows that are not there. */
  base: Cited
  /** What keeps the rows in their order. */
  order: Cited
  /** The run that ended the query with a fault, and what that rests on. */
  fault: { readonly run: Run; readonly cited: Cited } | undefined
  readonly sources: Run[]
}

/** Visits each row, those that a condition has ended too. */
export type EachRow = (
  variables: Bound[],
  session: ExplainSession,
  state: RowsState,
  visit: (row: Row) => void,
) => RowsSeen

type RowsSeen = 'null' | 'single' | 'list'
type Rows<K extends RowsNode['kind']> = Extract<RowsNode, { kind: K }>

/** The rows of a query's clauses, as `query.ts` has them, with what each rests on. */
export function explainRows(rows: RowsNode, compile: CompileExplain): EachRow {
  switch (rows.kind) {
    case 'for':
      return explainSources(rows, compile)
    case 'let':
      return explainLet(rows, compile)
    case 'where':
      return explainWhere(rows, compile)
    case 'semi':
      return explainSemi(rows, compile)
  }
}

/** The first source slowest; of several, one that is null has no rows. */
function explainSources(rows: Rows<'for'>, compile: CompileExplain): EachRow {
  const sources = rows.sources.map(({ value, variable }) => ({ value: compile(value), id: variable.id }))
  return (variables, session, state, visit) => {
    const runs = sources.map(({ value }) => value(variables, session))
    state.sources.push(...runs)
    if (runs.some((run) => fails(state, run, nothing))) return 'list'
    const given = runs.map(itemsOf)
    for (const { base, order } of given) {
      state.base |= base
      state.order |= order
    }
    const visitFrom = (index: number, own: Cited, presence: Cited): void => {
      const [source, run] = [sources[index], runs[index]]
      if (source === undefined || run === undefined)
        return visit({ own, presence, ended: false, conditions: [], lets: [] })
      if (run.value === null) return
      if (!isList(run.value)) {
        variables[source.id] = run
        return visitFrom(index + 1, own, presence | run.lineage.all)
      }
      for (const [at, value] of run.value.entries()) {
        spendRow(session.plain)
        const item = given[index]?.items[at] as ItemLineage
        variables[source.id] = { value, lineage: item.lineage }
        visitFrom(index + 1, own | item.own, presence | item.presence)
        if (state.fault !== undefined) break
      }
    }
    visitFrom(0, nothing, nothing)
    return rowsSeen(runs.map((run) => run.value))
  }
}

/** True where a run failed: the query ends with its fault. */
export function fails(state: RowsState, run: Run, presence: Cited): boolean {
  if (run.fault === undefined) return false
  state.fault ??= { run, cited: presence | run.lineage.all }
  return true
}

function explainLet(rows: Rows<'let'>, compile: CompileExplain): EachRow {
  const [each, value, id] = [explainRows(rows.rows, compile), compile(rows.value), rows.variable.id]
  return (variables, session, state, visit) =>
    each(variables, session, state, (row) => {
      const run = value(variables, session)
      if (!row.ended && fails(state, run, row.presence)) return
      variables[id] = run
      row.lets = [...row.lets, run]
      visit(row)
    })
}

function explainWhere(rows: Rows<'where'>, compile: CompileExplain): EachRow {
  const [each, condition] = [explainRows(rows.rows, compile), compile(rows.condition)]
  return (variables, session, state, visit) =>
    each(variables, session, state, (row) => {
      const run = condition(variables, session)
      if (!row.ended && fails(state, run, row.presence)) return
      judge(row, state, { kind: 'where', run, held: run.value === true, late: row.ended }, run.lineage.all)
      visit(row)
    })
}

/** Notes a condition of a row: a row that meets it rests on `cited`; of one that does not, `cited` keeps it out. */
function judge(row: Row, state: RowsState, condition: RowCondition, cited: Cited): void {
  row.conditions = [...row.conditions, condition]
  if (row.ended) return
  if (condition.held) row.presence |= cited
  else {
    state.base |= cited & ~row.own
    row.ended = true
  }
}

/** Elements that are found, or that there are none: what either rests on. */
function explainSemi(rows: Rows<'semi'>, compile: CompileExplain): EachRow {
  const [each, source] = [explainRows(rows.rows, compile), compile(rows.source)]
  const [condition, id] = [compile(rows.condition), rows.variable.id]
  return (variables, session, state, visit) =>
    each(variables, session, state, (row) => {
      const sought = source(variables, session)
      const search = seek(sought, row, (item, value) => {
        if (!row.ended) spendRow(session.plain)
        variables[id] = { value, lineage: item.lineage }
        return condition(variables, session)
      })
      const run = searchRun(rows.condition, sought, search)
      if (!row.ended && fails(state, run, row.presence)) return
      const held = search.found !== rows.negated
      const kind = rows.negated ? 'without' : 'with'
      judge(row, state, { kind, run, held, late: row.ended }, search.cited)
      visit(row)
    })
}

interface Search {
  readonly found: boolean
  readonly cited: Cited
  readonly runs: readonly Run[]
  readonly failed: Run | undefined
}

function seek(sought: Run, row: Row, ask: (item: ItemLineage, value: Run['value']) => Run): Search {
  if (sought.fault !== undefined) return { found: false, cited: sought.lineage.all, runs: [], failed: sought }
  const { base, items } = itemsOf(sought)
  const elements = sought.value === null ? [] : isList(sought.value) ? sought.value : [sought.value]
  const runs: Run[] = []
  const reasons: Cited[] = []
  let outside = base
  for (const [at, element] of elements.entries()) {
    const item = items[at] as ItemLineage
    const run = ask(item, element)
    runs.push(run)
    if (run.fault !== undefined) return { found: false, cited: wholeOf(item) | run.lineage.all, runs, failed: run }
    if (run.value === true) reasons.push((wholeOf(item) | run.lineage.all) & ~row.own)
    else outside |= run.lineage.all & ~item.own & ~row.own
  }
  if (reasons.length === 0) return { found: false, cited: outside, runs, failed: undefined }
  const cited = reasons.includes(nothing) ? nothing : union(reasons)
  return { found: true, cited, runs, failed: undefined }
}

function searchRun(node: CoreNode, sought: Run, { found, cited, runs, failed }: Search): Run {
  const lineage: Lineage = restsOn(cited)
  const value = failed === undefined ? found : null
  return { node, value, fault: failed?.fault, lineage, parts: [sought, ...runs] }
}
