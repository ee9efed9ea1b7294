import { walkElm } from './elm-walk.ts'
import type { ElmLibrary } from './library.ts'

/** How often the libraries use an ELM node type, and which of them do. */
export interface OperatorUsage {
  readonly operator: string
  readonly count: number
  readonly libraries: readonly string[]
}

/** Every ELM node type in the statements of libraries, each library once, in the order of the alphabet. */
export function operatorUsage(libraries: readonly ElmLibrary[]): readonly OperatorUsage[] {
  const uses = new Map<string, { count: number; libraries: Set<string> }>()
  for (const library of libraries) {
    for (const { expression } of library.statements?.def ?? []) {
      if (expression === undefined) continue
      walkElm(expression, ({ type }) => {
        if (type === undefined) return
        const entry = uses.get(type) ?? { count: 0, libraries: new Set() }
        entry.count += 1
        entry.libraries.add(library.identifier.id)
        uses.set(type, entry)
      })
    }
  }
  return [...uses.keys()].sort().map((operator) => {
    const { count = 0, libraries: users = [] } = uses.get(operator) ?? {}
    return { operator, count, libraries: [...users].sort() }
  })
}
