import { includedLibrary, statementsNamed, walkElm } from './elm-walk.ts'
import type { ElmLibrary, ElmStatement, LibraryClosure } from './library.ts'

/** A statement that evaluation can come to, and the library that holds it. */
export interface ReachableStatement {
  readonly library: ElmLibrary
  readonly statement: ElmStatement
}

/**
 * The statements that the given defines of the main library (all of them where absent) lead to through references
 * and calls, themselves included, each once. All overloads of a called function count.
 */
export function reachableStatements(
  closure: LibraryClosure,
  defines?: readonly string[],
): readonly ReachableStatement[] {
  const found = new Map<ElmStatement, ReachableStatement>()
  const add = (library: ElmLibrary, statement: ElmStatement): void => {
    if (found.has(statement)) return
    found.set(statement, { library, statement })
    if (statement.expression === undefined) return
    walkElm(statement.expression, (node) => {
      if (node.type !== 'ExpressionRef' && node.type !== 'FunctionRef') return
      const target = includedLibrary(closure.libraries, library, node['libraryName'])
      if (target === undefined) return
      for (const next of statementsNamed(target, String(node['name']))) add(target, next)
    })
  }
  const wanted = closure.main.statements?.def.filter((statement) => defines?.includes(statement.name) ?? true) ?? []
  for (const statement of wanted) add(closure.main, statement)
  return [...found.values()]
}
