import type { Diagnostic } from '../../base/index.ts'
import { childrenOf, includedLibrary, startOf, statementsNamed } from '../elm-walk.ts'
import type { ElmLibrary, ElmNode, ElmStatement, LibraryClosure } from '../library.ts'

/** Levels that an interpreter, which goes down them by recursion, is given: defines and functions within each other counted. */
const mostLevels = 500

type Fault = (library: ElmLibrary, place: NonNullable<Diagnostic['place']>) => Diagnostic

const recursive: Fault = (library, place) => ({
  code: 'elm/recursive-function',
  severity: 'error',
  message: `"${place.define}" comes back to itself by what it calls.`,
  place: { library: library.identifier.id, ...place },
  remedy: 'Write it without recursion.',
})

const tooDeep: Fault = (library, place) => ({
  code: 'elm/too-deep',
  severity: 'error',
  message: `The logic nests more than ${mostLevels} levels deep here, defines and functions within each other counted.`,
  place: { library: library.identifier.id, ...place },
  remedy: 'Write it with less nesting: over a list instead of a chain of terms.',
})

/** Defines and functions that come back to themselves, and logic that nests too deeply, reachable from the given defines. */
export function guardNesting(closure: LibraryClosure, defines?: readonly string[]): readonly Diagnostic[] {
  const walk = new NestingWalk(closure)
  for (const statement of closure.main.statements?.def ?? [])
    if (defines?.includes(statement.name) ?? true) walk.depthOf(closure.main, statement, 0)
  return walk.found
}

class NestingWalk {
  readonly found: Diagnostic[] = []
  readonly #closure: LibraryClosure
  /** Levels of each statement; `busy` while it is walked. */
  readonly #depths = new Map<ElmStatement, number | 'busy'>()

  constructor(closure: LibraryClosure) {
    this.#closure = closure
  }

  depthOf(library: ElmLibrary, statement: ElmStatement, above: number): number {
    const known = this.#depths.get(statement)
    if (typeof known === 'number') return known
    this.#depths.set(statement, 'busy')
    const { expression } = statement
    const depth = expression === undefined ? 0 : this.#below(expression, { library, statement }, above + 1, undefined)
    this.#depths.set(statement, depth)
    return depth
  }

  #below(node: ElmNode, at: At, level: number, above: string | undefined): number {
    const locator = node.locator ?? above
    const place = { define: at.statement.name, ...startOf(locator) }
    if (level > mostLevels) return this.#report(tooDeep(at.library, place))
    const inner = childrenOf(node).map((child) => this.#below(child, at, level + 1, locator))
    const called = this.#calledBy(node, at.library).map(([library, statement]) => {
      if (this.#depths.get(statement) === 'busy') return this.#report(recursive(at.library, place))
      const depth = this.depthOf(library, statement, level)
      return level + depth > mostLevels ? this.#report(tooDeep(at.library, place)) : depth
    })
    return 1 + Math.max(0, ...inner, ...called)
  }

  #calledBy(node: ElmNode, library: ElmLibrary): readonly (readonly [ElmLibrary, ElmStatement])[] {
    if (node.type !== 'ExpressionRef' && node.type !== 'FunctionRef') return []
    const target = includedLibrary(this.#closure.libraries, library, node['libraryName'])
    if (target === undefined) return []
    const named = statementsNamed(target, String(node['name']))
    const meant = node.type === 'ExpressionRef' || named.length === 1 ? named : named.filter((one) => takes(one, node))
    return meant.map((one) => [target, one] as const)
  }

  /** The first of each kind is told: those that follow from it say nothing more. */
  #report(diagnostic: Diagnostic): number {
    if (!this.found.some((one) => one.code === diagnostic.code)) this.found.push(diagnostic)
    return 0
  }
}

/** Is it the overload that a call means? A call without a signature says it of none. */
function takes(statement: ElmStatement, call: ElmNode): boolean {
  const operands = (statement['operand'] ?? []) as readonly ElmNode[]
  const signature = (call['signature'] ?? []) as readonly ElmNode[]
  const types = operands.map((operand) => JSON.stringify(typeIn(operand['operandTypeSpecifier'] as ElmNode)))
  return (
    signature.length === operands.length &&
    signature.every((one, index) => JSON.stringify(typeIn(one)) === types[index])
  )
}

/** A type specifier without what tells where it stands. */
function typeIn(specifier: unknown): unknown {
  if (Array.isArray(specifier)) return specifier.map(typeIn)
  if (typeof specifier !== 'object' || specifier === null) return specifier
  const told = Object.entries(specifier).filter(([key]) => !['localId', 'locator', 'annotation'].includes(key))
  return Object.fromEntries(
    told.map(([key, value]) => [key, typeIn(value)] as const).toSorted(([a], [b]) => a.localeCompare(b)),
  )
}

interface At {
  readonly library: ElmLibrary
  readonly statement: ElmStatement
}
