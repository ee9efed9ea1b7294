import { includedLibrary, isElmNode, walkElm } from './elm-walk.ts'
import type { ElmLibrary, LibraryClosure } from './library.ts'
import { reachableStatements } from './reachable.ts'

/** A value set that a library declares. */
export interface DeclaredValueSet {
  readonly library: string
  readonly name: string
  readonly url: string
  readonly version?: string
}

/**
 * The value sets that the given statements of the main library come to read, each once. Those that only other
 * defines read (supplemental data, risk variables) are not among them.
 */
export function reachableValueSets(
  closure: LibraryClosure,
  statements: readonly string[],
): readonly DeclaredValueSet[] {
  const found = new Map<string, DeclaredValueSet>()
  for (const { library, statement } of reachableStatements(closure, statements)) {
    if (statement.expression === undefined) continue
    walkElm(statement.expression, (node) => {
      // InValueSet and AnyInValueSet name their set in `valueset`, a reference that need not say its own type.
      const reference = node.type === 'ValueSetRef' ? node : node['valueset']
      if (!isElmNode(reference)) return
      const holder = includedLibrary(closure.libraries, library, reference['libraryName'])
      const set = holder === undefined ? undefined : declared(holder, reference['name'])
      if (set !== undefined) found.set(`${set.url}|${set.version ?? ''}`, set)
    })
  }
  return [...found.values()]
}

function declared(library: ElmLibrary, name: unknown): DeclaredValueSet | undefined {
  const set = library.valueSets?.def.find((candidate) => candidate.name === name)
  if (set === undefined) return undefined
  const version = set.version === undefined ? {} : { version: set.version }
  return { library: library.identifier.id, name: set.name, url: set.id, ...version }
}
