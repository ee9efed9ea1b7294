import type { ElmLibrary, LibraryClosure } from './library.ts'

/** The codes that a library declares, each with the name it gives them. */
export interface DeclaredCodes {
  readonly library: string
  readonly codings: readonly { readonly system: string; readonly code: string; readonly display: string }[]
}

interface CodeDef {
  readonly name: string
  readonly id: string
  readonly display?: string
  readonly codeSystem?: { readonly name?: string }
}

const definitions = <T>(library: ElmLibrary, section: string): readonly T[] =>
  (library[section] as { readonly def?: readonly T[] } | undefined)?.def ?? []

/** What the libraries of a closure declare (`code "…": '…' from "…"`); libraries without codes are left out. */
export function declaredCodes({ libraries }: LibraryClosure): readonly DeclaredCodes[] {
  return libraries.flatMap((library) => {
    const systems = new Map(
      definitions<{ readonly name: string; readonly id: string }>(library, 'codeSystems').map(
        ({ name, id }) => [name, id] as const,
      ),
    )
    const codings = definitions<CodeDef>(library, 'codes').flatMap(({ name, id, display = name, codeSystem }) => {
      const system = systems.get(codeSystem?.name ?? '')
      return system === undefined ? [] : [{ system, code: id, display }]
    })
    return codings.length === 0 ? [] : [{ library: library.identifier.id, codings }]
  })
}
