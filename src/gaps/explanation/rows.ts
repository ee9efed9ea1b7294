import type { RowCondition, RowRun, Run } from '../../direct/index.ts'
import type { ClauseRows, ExplainedClause } from './schema.ts'
import { letterOf, placeOf, type Telling } from './telling.ts'

/** So many near misses of a query are listed; how many more there are is said. */
const mostNearMisses = 20

type Tell = (run: Run, telling: Telling, place: string | undefined) => ExplainedClause

/** One condition that stands alone: a part of a conjunction, or a search for something beside the row. */
interface Single {
  readonly kind: RowCondition['kind']
  readonly run: Run
  readonly held: boolean
}

/**
 * A query's rows: how many it looked at and kept, how often each condition held, and what nearly was kept; `tell` tells a
 * run as a clause.
 */
export function rowsOf(rows: readonly RowRun[], telling: Telling, tell: Tell): ClauseRows {
  const asked = rows.map((row) => ({ row, singles: row.conditions.flatMap(singlesOf) }))
  const near = asked.filter(({ row, singles }) => row.own !== 0n && singles.filter(({ held }) => !held).length === 1)
  const listed = near.slice(0, mostNearMisses).map(({ row, singles }) => {
    const failed = singles.find(({ held }) => !held) as Single
    const resources = [...telling.explained.ridsOf(row.own)]
    for (const key of resources) telling.named.add(key)
    return { resources, condition: conditionOf(failed, telling, tell) }
  })
  return {
    looked: rows.length,
    kept: rows.filter(({ kept }) => kept).length,
    conditions: countConditions(
      asked.flatMap(({ singles }) => singles),
      telling,
    ),
    nearMisses: listed,
    nearMissesLeftOut: near.length - listed.length,
  }
}

/** A condition of a row as those that must all hold, through functions that are made of such. */
function singlesOf({ kind, run, held }: RowCondition): readonly Single[] {
  if (kind !== 'where') return [{ kind, run, held }]
  return conjuncts(run).map((one) => ({ kind, run: one, held: one.value === true }))
}

function conjuncts(run: Run): readonly Run[] {
  const { node, parts } = run
  if (node.kind === 'operator' && node.name === 'And') return parts.flatMap(conjuncts)
  const body = node.kind === 'call' ? parts[node.args.length] : undefined
  return body !== undefined && placeOf(body.node) !== undefined ? conjuncts(body) : [run]
}

function conditionOf({ kind, run, held }: Single, telling: Telling, tell: Tell): ExplainedClause {
  // Functions are told anew: the values are this row's.
  const clause = tell(run, { ...telling, told: new Set() }, placeOf(run.node))
  return kind === 'where' ? clause : { ...clause, kind, letter: held ? 't' : 'f' }
}

function countConditions(singles: readonly Single[], telling: Telling): ClauseRows['conditions'] {
  const counts = new Map<Run['node'], ClauseRows['conditions'][number]>()
  for (const { kind, run, held } of singles) {
    const { library, locator } = run.node.origin
    const known = counts.get(run.node) ?? {
      kind,
      range: locator ?? null,
      text: telling.texts.at(library, locator),
      true: 0,
      false: 0,
      null: 0,
      error: 0,
    }
    const letter = letterOf(run)
    if (held) known.true += 1
    else if (letter === 'e') known.error += 1
    else if (letter === 'n') known.null += 1
    else known.false += 1
    counts.set(run.node, known)
  }
  return [...counts.values()]
}
