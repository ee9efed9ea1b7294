import { contentHash, type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { formatLibraryName } from './cql-source.ts'
import type { ElmLibrary, LibraryClosure } from './library.ts'

/**
 * A closure of ELM that was translated elsewhere: the library with all that it includes, dependency first. It has no
 * CQL text to explain from. Failure names every include that is missing or cyclic.
 */
export function linkElm(
  wanted: { readonly name: string; readonly version?: string },
  libraries: readonly ElmLibrary[],
): Result<LibraryClosure> {
  const order: ElmLibrary[] = []
  const diagnostics: Diagnostic[] = []
  const visit = (name: string, version: string | undefined, path: readonly ElmLibrary[]): void => {
    const found = libraries.find(
      ({ identifier }) => identifier.id === name && (version === undefined || identifier.version === version),
    )
    const asked = formatLibraryName({ name, ...(version === undefined ? {} : { version }) })
    if (found === undefined)
      return void diagnostics.push(linkFault('missing-library', `There is no ELM of ${asked}.`, path))
    if (path.includes(found)) {
      return void diagnostics.push(
        linkFault('cyclic-include', `Libraries include each other in a circle: ${asked}.`, path),
      )
    }
    if (order.includes(found)) return
    for (const include of found.includes?.def ?? []) {
      visit(include.path.split('/').at(-1) ?? include.path, include.version, [...path, found])
    }
    order.push(found)
  }
  visit(wanted.name, wanted.version, [])
  const main = order.at(-1)
  if (main === undefined || diagnostics.length > 0) return failure(...diagnostics)
  return success({ main, libraries: order, cql: new Map(), hash: contentHash(JSON.stringify(order)) })
}

function linkFault(code: string, message: string, path: readonly ElmLibrary[]): Diagnostic {
  const from = path.at(-1)
  return {
    code: `elm/${code}`,
    severity: 'error',
    message,
    ...(from === undefined ? {} : { place: { library: from.identifier.id } }),
    remedy: 'Give the ELM or the CQL of every library that is included.',
  }
}
