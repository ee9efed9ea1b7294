import type { CoreNode, Value } from '../core/index.ts'
import type { Evaluate } from './closure.ts'

/** Nodes whose value is worth keeping: what costs no more than looking it up is left out. */
const worthKeeping = new Set<CoreNode['kind']>([
  'call',
  'path',
  'retrieve',
  'operator',
  'return',
  'sort',
  'fold',
  'case',
  'coalesce',
  'interval',
])

/**
 * Values that stay the same while something else changes: found when first asked for, so that what nobody asks for
 * is not evaluated, and an error stays where it is. `begin` forgets them. No body runs within itself, for functions
 * do not recurse: one memo for each node is enough.
 */
export class Memo {
  #slots = 0
  #values: (Value | undefined)[] = []

  begin(): void {
    if (this.#values.length > 0) this.#values = []
  }

  keep(evaluate: Evaluate): Evaluate {
    const slot = this.#slots
    this.#slots += 1
    return (variables, session) => {
      const known = this.#values[slot]
      if (known !== undefined) return known
      const value = evaluate(variables, session)
      this.#values[slot] = value
      return value
    }
  }
}

/** Values of each element of a list, kept while the list stays the same. */
export class ElementMemo {
  #columns: (Value | undefined)[][] = []
  #items: unknown
  /** Position of the element that is looked at. */
  at = 0

  begin(items: unknown): void {
    if (items === this.#items) return
    this.#items = items
    this.#columns = this.#columns.map(() => [])
  }

  keep(evaluate: Evaluate): Evaluate {
    const slot = this.#columns.length
    this.#columns.push([])
    return (variables, session) => {
      const column = this.#columns[slot] ?? []
      const known = column[this.at]
      if (known !== undefined) return known
      const value = evaluate(variables, session)
      column[this.at] = value
      return value
    }
  }

  /** Lets go of the list and of what was found of it. */
  end(): void {
    this.begin(undefined)
  }
}

/** Compiles a node; `build` compiles it with another compiler for the nodes that it is made of. */
export interface Compile {
  (node: CoreNode): Evaluate
  readonly build: (node: CoreNode, compile: Compile) => Evaluate
  /** What is compiled runs for each row of some query, so that a query in it runs many times. */
  readonly nested: boolean
}

/** A compiler whose nodes are kept where `keeps` says which memo they belong to. */
export function keeping(outer: Compile, keeps: (node: CoreNode) => Memo | ElementMemo | undefined): Compile {
  const inner: Compile = Object.assign(
    (node: CoreNode): Evaluate => {
      const memo = worthKeeping.has(node.kind) ? keeps(node) : undefined
      // What does not change here may not change further out either: the outer compiler keeps it there.
      if (memo instanceof Memo) return memo.keep(outer(node))
      return memo === undefined ? outer.build(node, inner) : memo.keep(outer.build(node, inner))
    },
    { build: outer.build, nested: true },
  )
  return inner
}
