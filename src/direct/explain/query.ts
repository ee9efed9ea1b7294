import { type CoreNode, distinctValues, isList } from '../../core/index.ts'
import { distinctRows, rankOrder, variablesOf } from '../query.ts'
import {
  type Bound,
  foreignTo,
  type ItemLineage,
  itemsOf,
  listLineage,
  nothing,
  restsOn,
  restsOnNothing,
  union,
  withMore,
} from './lineage.ts'
import { distinctLineage } from './operator-lineage.ts'
import { explainRows, fails, type Row, type RowsState } from './rows.ts'
import type { CompileExplain, Explain, ExplainSession, RowRun, Run } from './run.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>

const rowRun = (row: Row, given: readonly Run[]): RowRun => ({
  kept: !row.ended,
  own: row.own,
  conditions: row.conditions,
  values: [...row.lets, ...given],
})

const opened = (): RowsState => ({ base: nothing, order: nothing, fault: undefined, sources: [] })

/** A query's value with what it rests on; `returnClosure` says what it is. */
export function explainReturn(node: Node<'return'>, compile: CompileExplain): Explain {
  const [each, give] = [explainRows(node.rows, compile), compile(node.value)]
  return (variables, session) => {
    const state = opened()
    const rows: RowRun[] = []
    const results: { readonly row: Row; readonly run: Run }[] = []
    const seen = each(variables, session, state, (row) => {
      const given = row.ended ? [] : [give(variables, session)]
      for (const run of given) if (!fails(state, run, row.presence)) results.push({ row, run })
      rows.push(rowRun(row, given))
    })
    const answer = state.fault === undefined ? answerOf(node, seen, state, results, session) : failed(state)
    return { node, fault: undefined, parts: state.sources, rows, ...answer }
  }
}

const failed = ({ fault }: RowsState) => ({
  value: null,
  fault: fault?.run.fault,
  lineage: restsOn(fault?.cited ?? nothing),
})

function answerOf(
  node: Node<'return'>,
  seen: 'null' | 'single' | 'list',
  { base, order }: RowsState,
  results: readonly { readonly row: Row; readonly run: Run }[],
  session: ExplainSession,
): Bound {
  if (seen === 'null') return { value: null, lineage: restsOn(base) }
  if (node.single && seen === 'single') {
    const [only] = results
    if (only === undefined) return { value: null, lineage: restsOn(base) }
    return { value: only.run.value, lineage: withMore(only.run.lineage, base | only.row.presence) }
  }
  const items = results.map(
    ({ row, run }): ItemLineage => ({ own: row.own, presence: row.presence, lineage: run.lineage }),
  )
  const values = results.map(({ run }) => run.value)
  if (!node.distinct) return { value: values, lineage: listLineage(base, items, order) }
  const { env } = session.plain
  const kept = distinctValues(values, env)
  return { value: kept, lineage: distinctLineage({ base, order, items }, values, kept, env) }
}

/** A list in order: what an element's key rests on beside the element could put it elsewhere. */
export function explainSort(node: Node<'sort'>, compile: CompileExplain): Explain {
  const list = compile(node.list)
  const keys = node.keys.map((key) => compile(key.value))
  const signs = node.keys.map((key) => (key.descending ? -1 : 1))
  return (variables, session) => {
    const run = list(variables, session)
    if (run.fault !== undefined || !isList(run.value)) return { ...run, node, parts: [run] }
    const { base, order, items } = itemsOf(run)
    const ranked = run.value.map((value, index) => {
      const item = items[index] as ItemLineage
      variables[node.item.id] = { value, lineage: item.lineage }
      return { value, item, runs: keys.map((key) => key(variables, session)) }
    })
    const runs = ranked.flatMap((one) => one.runs)
    const wrong = runs.find(({ fault }) => fault !== undefined)
    if (wrong !== undefined) return { ...wrong, node, parts: [run, ...runs] }
    const ranks = new Map(ranked.map((one) => [one, one.runs.map(({ value }) => value)]))
    const sorted = ranked.toSorted((a, b) =>
      rankOrder(ranks.get(a) ?? [], ranks.get(b) ?? [], signs, session.plain.env),
    )
    const foreign = union(ranked.map((one) => union(one.runs.map(({ lineage }) => lineage.all)) & ~one.item.own))
    return {
      node,
      value: sorted.map(({ value }) => value),
      fault: undefined,
      lineage: listLineage(
        base,
        sorted.map(({ item }) => item),
        order | foreign | union(items.map(foreignTo)),
      ),
      parts: [run, ...runs],
    }
  }
}

/** The aggregate clause: it rests on every row, and on what keeps the others out. */
export function explainFold(node: Node<'fold'>, compile: CompileExplain): Explain {
  const each = explainRows(node.rows, compile)
  const [initial, step] = [compile(node.initial), compile(node.step)]
  const ids = variablesOf(node.rows)
  return (variables, session) => {
    const state = opened()
    const rows: RowRun[] = []
    const kept: Bound[][] = []
    const seen = each(variables, session, state, (row) => {
      rows.push(rowRun(row, []))
      if (row.ended) return
      state.base |= row.presence
      kept.push(ids.map((id) => variables[id] ?? absent))
    })
    if (state.fault !== undefined) return { node, parts: state.sources, rows, ...failed(state) }
    if (seen === 'null')
      return { node, value: null, fault: undefined, lineage: restsOn(state.base), parts: state.sources, rows }
    const runs = [initial(variables, session)]
    for (const row of node.distinct ? distinctBounds(kept, session) : kept) {
      const last = runs.at(-1)
      if (last === undefined || last.fault !== undefined) break
      for (const [index, id] of ids.entries()) variables[id] = row[index] ?? absent
      variables[node.accumulator.id] = last
      runs.push(step(variables, session))
    }
    const answer = runs.at(-1)
    const lineage = restsOn(state.base | state.order | union(runs.map((run) => run.lineage.all)))
    return {
      node,
      value: answer?.value ?? null,
      fault: answer?.fault,
      lineage,
      parts: [...state.sources, ...runs],
      rows,
    }
  }
}

const absent: Bound = { value: null, lineage: restsOnNothing }

function distinctBounds(rows: readonly Bound[][], session: ExplainSession): readonly Bound[][] {
  const values = new Map(rows.map((row) => [row.map(({ value }) => value), row]))
  return distinctRows([...values.keys()], session.plain.env).map((one) => values.get(one) ?? [])
}
