import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { CqlName } from './cql-header.ts'
import { type CqlSource, formatLibraryName } from './cql-source.ts'

interface Wanted {
  readonly name: string
  readonly version?: string
}

/**
 * The library asked for and all that it includes, each once, dependency first. Failure names every include
 * that is missing, of another version, ambiguous or cyclic, with library, line and column.
 */
export function orderIncludes(wanted: Wanted, sources: readonly CqlSource[]): Result<readonly CqlSource[]> {
  const walk = new IncludeWalk(sources)
  walk.visit(wanted, [])
  return walk.diagnostics.length === 0 ? success(walk.order) : failure(...walk.diagnostics)
}

class IncludeWalk {
  readonly order: CqlSource[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly #sources: readonly CqlSource[]
  readonly #seen = new Set<CqlSource>()

  constructor(sources: readonly CqlSource[]) {
    this.#sources = sources
  }

  visit(wanted: Wanted | CqlName, path: readonly CqlSource[]): void {
    const found = this.#find(wanted, path.at(-1))
    if (found === undefined) return
    if (path.includes(found)) return this.#reportCircle(found, path, wanted)
    if (this.#seen.has(found)) return
    this.#seen.add(found)
    for (const include of found.header.includes) this.visit(include, [...path, found])
    this.order.push(found)
  }

  #find(wanted: Wanted | CqlName, from: CqlSource | undefined): CqlSource | undefined {
    const named = this.#sources.filter((source) => source.name === wanted.name)
    const matching = named.filter((source) => wanted.version === undefined || source.version === wanted.version)
    const [first] = matching
    if (first !== undefined && matching.every((source) => source.text === first.text)) return first
    this.diagnostics.push(notFound(wanted, named, matching, placeOf(wanted, from)))
    return undefined
  }

  #reportCircle(found: CqlSource, path: readonly CqlSource[], wanted: Wanted | CqlName): void {
    const circle = [...path.slice(path.indexOf(found)), found].map((source) => source.name).join(' -> ')
    this.diagnostics.push({
      code: 'elm/cyclic-include',
      severity: 'error',
      message: `Libraries include each other in a circle: ${circle}.`,
      place: placeOf(wanted, path.at(-1)),
      remedy: 'Move what both need into a library of its own.',
    })
  }
}

function notFound(
  wanted: Wanted,
  named: readonly CqlSource[],
  matching: readonly CqlSource[],
  place: Diagnostic['place'],
): Diagnostic {
  const at = place === undefined ? {} : { place }
  const name = formatLibraryName(wanted)
  if (named.length === 0) {
    const remedy = 'Put its CQL into one of the CQL folders.'
    return { code: 'elm/missing-library', severity: 'error', message: `There is no library ${name}.`, ...at, remedy }
  }
  const present = named.map((source) => `${formatLibraryName(source)}${source.file ? ` (${source.file})` : ''}`)
  if (matching.length > 1) {
    const message = `Library ${name} is there ${matching.length} times with different text: ${present.join(', ')}.`
    const remedy = 'Name the version, and keep one text of it.'
    return { code: 'elm/ambiguous-library', severity: 'error', message, ...at, remedy }
  }
  const message = `Library ${name} is not there; at hand: ${present.join(', ')}.`
  const remedy = 'Include the version that is there, or add the one that is asked for.'
  return { code: 'elm/wrong-library-version', severity: 'error', message, ...at, remedy }
}

function placeOf(wanted: Wanted | CqlName, from: CqlSource | undefined): NonNullable<Diagnostic['place']> {
  return {
    ...(from === undefined ? {} : { library: from.name }),
    ...(from?.file === undefined ? {} : { file: from.file }),
    ...('line' in wanted ? { line: wanted.line, column: wanted.column } : {}),
  }
}
