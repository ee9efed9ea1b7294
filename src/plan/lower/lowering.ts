import type { CoreNode } from '../../core/index.ts'
import { constant, isComputed } from '../algebra/build.ts'
import { isMixedChoice } from '../algebra/model-type.ts'
import type { Scope } from '../algebra/scope.ts'
import { dateTimeTypeOf } from '../algebra/types.ts'
import type { Lowering, Program } from './context.ts'
import { Frame, type Lowered, scalar, typeOf } from './lowered.ts'
import { nodeTable } from './node-table.ts'
import { refusal, tooLarge } from './refuse.ts'

/**
 * Clauses that a plan may be made of, each counted once for equal operands: functions that call each other in ever more
 * ways come to numbers that no database plans.
 */
const mostNodes = 100_000

/** Starts the lowering of a program. Defines are lowered when first asked for. */
export function createLowering(program: Program): Lowering {
  const defines = new Map<string, Lowered | undefined>()
  const numbers = new WeakMap<object, number>()
  let count = 0
  let made = 0
  const lowering: Lowering = {
    program,
    setting: { offset: program.now.offset },
    now: constant(program.now, dateTimeTypeOf),
    lower(node, frame, at) {
      const home = homeOf(node, frame, at)
      const key = identityOf(node, frame)
      const known = home.made.get(key) as Lowered | undefined
      if (known !== undefined) return known
      const table = nodeTable as Readonly<
        Record<string, (node: CoreNode, frame: Frame, at: Scope, lowering: Lowering) => Lowered>
      >
      const lower = table[node.kind]
      if (lower === undefined) throw lowering.refuse(node, `The node ${node.kind}`)
      made += 1
      if (made > mostNodes) throw tooLarge(node.origin, mostNodes)
      const value = lower(node, frame, home, lowering)
      // A resource of one of several types is its key; among other values it would have no place of that kind.
      if (isMixedChoice(typeOf(value))) throw lowering.refuse(node, 'A value that may be a resource or something else')
      home.made.set(key, value)
      return value
    },
    define(name, node) {
      const known = defines.get(name)
      if (known !== undefined) return known
      const body = program.core.defines.get(name)
      if (body === undefined) throw lowering.refuse(node, `The define ${name}, which is missing,`)
      const value = shared(lowering.lower(body.root, new Frame(), program.base), body.name)
      defines.set(name, value)
      return value
    },
    refuse: (node, what) => refusal(node.origin, what),
  }
  return lowering

  /** A node with the values of the variables that it reads: a function's body is lowered once for equal operands. */
  function identityOf(node: CoreNode, frame: Frame): string {
    const bindings = [...variablesOf(node)].flatMap((id) => {
      const value = frame.get(id)
      return value === undefined ? [] : [`${id}=${identityOfValue(value)}`]
    })
    return `${numberOf(node)}(${bindings.join()})`
  }

  function identityOfValue(value: Lowered): string {
    if (value.kind === 'rows') return `rows ${numberOf(value)}`
    return `${numberOf(value.scope)}:${program.names.idOf(value.expr)}`
  }

  function numberOf(thing: object): number {
    const known = numbers.get(thing) ?? ++count
    numbers.set(thing, known)
    return known
  }
}

/** A define that others read is one column. */
function shared(value: Lowered, name: string): Lowered {
  if (value.kind === 'rows') return value
  const { expr, scope } = value
  return isComputed(expr) ? scalar(scope, scope.bind(expr, name)) : value
}

/**
 * The outermost scope in which a node can stand: that of the innermost variable that it reads. What does not
 * depend on a row is so evaluated once for all of them.
 */
function homeOf(node: CoreNode, frame: Frame, at: Scope): Scope {
  const scopes = new Set<Scope>()
  for (const id of variablesOf(node)) {
    const scope = frame.get(id)?.scope
    if (scope !== undefined) scopes.add(scope)
  }
  for (let scope: Scope | undefined = at; scope !== undefined; scope = scope.parent) {
    const { holds, parent } = scope
    if (parent === undefined || [...scopes].some((one) => holds.has(one))) return scope
  }
  return at
}

const known = new WeakMap<object, ReadonlySet<number>>()

/** Ids of the variables that a node reads, those that it binds itself included: they have no value outside it. */
function variablesOf(node: object): ReadonlySet<number> {
  const seen = known.get(node)
  if (seen !== undefined) return seen
  const ids = new Set<number>()
  const own = node as { kind?: string; variable?: { id: number } }
  if (own.kind === 'variable' && own.variable !== undefined) ids.add(own.variable.id)
  else
    for (const [key, part] of Object.entries(node)) {
      if (
        key === 'origin' ||
        key === 'type' ||
        key === 'site' ||
        key === 'overloads' ||
        (key === 'value' && own.kind === 'const')
      )
        continue
      for (const one of Array.isArray(part) ? (part as readonly unknown[]) : [part])
        if (typeof one === 'object' && one !== null) for (const id of variablesOf(one)) ids.add(id)
    }
  known.set(node, ids)
  return ids
}
