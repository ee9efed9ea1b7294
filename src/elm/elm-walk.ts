import type { ElmLibrary, ElmNode, ElmStatement } from './library.ts'

/** Parts of ELM that describe nodes and are none: types, signatures, annotations. They are not walked into. */
const descriptions: ReadonlySet<string> = new Set([
  'annotation',
  'signature',
  'resultTypeSpecifier',
  'asTypeSpecifier',
  'isTypeSpecifier',
  'toTypeSpecifier',
  'operandTypeSpecifier',
  'parameterTypeSpecifier',
  'typeSpecifier',
])

/** An ELM node or one of its clauses (a query source, a let, a return), each of which is an object. */
export function isElmNode(value: unknown): value is ElmNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The nodes and clauses directly below a node, in the order in which ELM writes them. */
export function childrenOf(node: ElmNode): readonly ElmNode[] {
  return Object.entries(node)
    .filter(([key]) => !descriptions.has(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isElmNode)
}

/**
 * Calls `visit` for a node and all below it, parents first. `place` is the nearest locator at or above a node:
 * not every node has one of its own.
 */
export function walkElm(node: ElmNode, visit: (node: ElmNode, locator: string | undefined) => void): void {
  const descend = (current: ElmNode, above: string | undefined): void => {
    const locator = current.locator ?? above
    visit(current, locator)
    for (const child of childrenOf(current)) descend(child, locator)
  }
  descend(node, undefined)
}

/** `line:column-line:column` as line and column, counted from 1; empty where it is absent. */
export function startOf(locator: string | undefined): { readonly line?: number; readonly column?: number } {
  const [line, column] = (locator?.split('-')[0] ?? '').split(':').map(Number)
  return line === undefined || column === undefined || Number.isNaN(line) ? {} : { line, column }
}

/** All statements of a name: one for a define, one for each overload of a function. */
export function statementsNamed(library: ElmLibrary, name: string): readonly ElmStatement[] {
  return library.statements?.def.filter((statement) => statement.name === name) ?? []
}

/** The library that `libraryName` stands for within `library`: itself where absent. */
export function includedLibrary(
  libraries: readonly ElmLibrary[],
  library: ElmLibrary,
  localName: unknown,
): ElmLibrary | undefined {
  if (typeof localName !== 'string') return library
  const include = library.includes?.def.find((candidate) => candidate.localIdentifier === localName)
  return libraries.find(
    ({ identifier }) =>
      identifier.id === include?.path.split('/').at(-1) &&
      (include?.version === undefined || identifier.version === include.version),
  )
}
