import type { Steps } from '../base/index.ts'
import type { CoreType } from '../core/index.ts'
import { type Expr, type Plan, partsOf } from '../plan/index.ts'
import { plansOf } from './needed-columns.ts'
import { sqlType } from './type-name.ts'

/** Of structures that stored lists hold, by their type, the elements that a program reads. */
export type NarrowLists = ReadonlyMap<string, readonly string[]>

/** Primitives that ask only whether a structure is there. */
const asksPresence = new Set(['isNull', 'isNotNull', 'listLength'])

/**
 * Structures in lists of which a program reads elements alone, and never the whole: of these lists no more needs to be
 * carried from relation to relation; found relation by relation.
 */
export function* narrowLists(root: Plan): Steps<NarrowLists> {
  const read = new Map<string, Set<string>>()
  const whole = new Set<string>()
  const seen = new Set<Expr>()
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'field') noteField(expr)
    const isSafe = expr.kind !== 'call' || asksPresence.has(expr.template)
    for (const part of partsOf(expr)) {
      const structure = structureOf(part.type)
      if (structure !== undefined && !isSafe) whole.add(structure)
      visit(part)
    }
  }
  const noteField = (expr: Extract<Expr, { kind: 'field' }>): void => {
    const structure = structureOf(expr.source.type)
    if (structure === undefined) return
    const names = read.get(structure) ?? new Set<string>()
    read.set(structure, names.add(expr.name))
    // What stands within another structure is as it is stored there.
    const inner = structureOf(expr.type)
    if (inner !== undefined) whole.add(inner)
  }
  for (const plan of plansOf(root)) {
    if (plan.op === 'scan')
      for (const { type } of plan.columns) {
        const alone = type.kind === 'list' ? undefined : structureOf(type)
        if (alone !== undefined) whole.add(alone)
      }
    for (const expr of exprsOf(plan)) visit(expr)
    for (const expr of comparedBy(plan)) {
      visit(expr)
      const structure = structureOf(expr.type)
      if (structure !== undefined) whole.add(structure)
    }
    yield
  }
  return new Map(
    [...read]
      .filter(([structure]) => !whole.has(structure))
      .map(([structure, names]) => [structure, [...names].sort()]),
  )
}

/** The stored type of a structure that stands alone or in a list; undefined of everything else. */
function structureOf(type: CoreType): string | undefined {
  const of = type.kind === 'list' ? type.of : type
  if (of.kind !== 'class') return undefined
  const stored = sqlType(of)
  return stored.startsWith('STRUCT(') ? stored : undefined
}

/** The elements that a list is cut to; undefined where it stays as it is stored. */
export function narrowed(type: CoreType, lists: NarrowLists): readonly string[] | undefined {
  if (type.kind !== 'list') return undefined
  const structure = structureOf(type)
  return structure === undefined ? undefined : lists.get(structure)
}

function exprsOf(plan: Plan): readonly Expr[] {
  switch (plan.op) {
    case 'project':
      return Object.values(plan.exprs)
    case 'rename':
      return plan.exprs.map(([, expr]) => expr)
    case 'filter':
      return [plan.condition]
    case 'group':
      return Object.values(plan.aggregates).flatMap(({ value, where }) => [
        value,
        ...(where === undefined ? [] : [where]),
      ])
    case 'unnest':
      return [plan.list]
    case 'values':
      return plan.rows.flat()
    default:
      return []
  }
}

/** Expressions whose values are compared with each other. */
function comparedBy(plan: Plan): readonly Expr[] {
  if (plan.op === 'window') return [...plan.partition, ...plan.order.map(({ value }) => value)]
  if (plan.op !== 'group') return []
  return Object.values(plan.aggregates).flatMap(({ name, value, order }) => [
    ...(name === 'first' || name === 'last' || name === 'list' ? [] : [value]),
    ...(order ?? []).map((key) => key.value),
  ])
}
