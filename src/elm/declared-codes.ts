import type { ElmLibrary, LibraryClosure } from './library.ts'

/** The codes that a library declares, each with the name it gives them. */
export interface DeclaredCodes {
  readonly library: string
  readonly codings: readonly { readonly system: string; readonly code: string; readonly display: string }[]
}

interface Definition {
  readonly name: string
  readonly id: string
  readonly display?: string
  readonly codeSystem?: { readonly name?: string }
}

const definitions = (library: ElmLibrary, section: 'codeSystems' | 'codes'): readonly Definition[] =>
  (library[section] as { readonly def?: readonly Definition[] } | undefined)?.def ?? []

/** What the libraries of a closure declare (`code "…": '…' from "…"`); libraries without codes are left out. */
export function declaredCodes({ libraries }: LibraryClosure): readonly DeclaredCodes[] {
  return libraries.flatMap((library) => {
    const systems = new Map(definitions(library, 'codeSystems').map(({ name, id }) => [name, id] as const))
    const codings = definitions(library, 'codes').flatMap(({ name, id, display = name, codeSystem }) => {
      const system = systems.get(codeSystem?.name ?? '')
      return system === undefined ? [] : [{ system, code: id, display }]
    })
    return codings.length === 0 ? [] : [{ library: library.identifier.id, codings }]
  })
}
