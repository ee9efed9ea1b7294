import { AnnotatedError } from 'cql-execution'
import { CaregapError, type Diagnostic, type Place } from '../base/index.ts'
import type { ElmLibrary, ElmNode } from '../elm/index.ts'

/** Messages of cql-execution that hold no data of a person; any other is left out. */
const plainMessages: readonly RegExp[] = [
  /^Unable to resolve expected valueset with id \S+ and version \S+$/,
  /^Cannot cast \S+ as \S+$/,
  /^IllegalArgument: 'SingletonFrom' requires/,
  /^no function with matching signature could be found$/,
  /^Unimplemented Expression: \w+$/,
  /^Argument to \w+ must be/,
  /^Cannot create a (quantity|ratio) with/,
  /^Cannot (calculate|perform) /,
  /^In \(valueset\) is ambiguous/,
  /^Passed in parameter '[^']*' is wrong type$/,
  /^[\w.$]+ is not a function$/,
  /^Cannot read properties of (null|undefined)/,
]

/** What went wrong in one define of one person, with its place in the CQL and without the person's data. */
export function evaluationFault(thrown: unknown, define: string, libraries: readonly ElmLibrary[]): Diagnostic {
  const cause = thrown instanceof AnnotatedError ? thrown.cause : thrown
  const where = thrown instanceof AnnotatedError ? placeOf(thrown, libraries) : undefined
  const place: Place = { ...where, define: where?.define ?? define }
  if (cause instanceof CaregapError && cause.diagnostics[0] !== undefined) {
    const first = cause.diagnostics[0]
    return { ...first, place: { ...place, ...first.place } }
  }
  const operator = thrown instanceof AnnotatedError ? thrown.expressionName : 'the evaluation'
  const text = cause instanceof Error ? cause.message : ''
  if (/\bunit\b/i.test(text)) {
    return {
      code: 'interpret/invalid-unit',
      severity: 'error',
      message: `A quantity's unit is not valid UCUM (in ${operator}).`,
      place,
      remedy: 'Correct the unit at its source, or map it.',
    }
  }
  const said = plainMessages.some((pattern) => pattern.test(text))
    ? text.replace(/\.?$/, '.')
    : 'It cannot be evaluated.'
  return { code: 'interpret/evaluation-failed', severity: 'error', message: `${operator}: ${said}`, place }
}

function placeOf(error: AnnotatedError, libraries: readonly ElmLibrary[]): Place {
  const name = error.libraryName.split('|')[0] ?? error.libraryName
  const library = libraries.find((candidate) => candidate.identifier.id === name)
  const start = startOf(error.locator)
  const statement = library?.statements?.def.find((def) => holds(def['locator'], start))
  const localId = library === undefined ? undefined : localIdAt(library, error.locator)
  return {
    library: name,
    ...(statement === undefined ? {} : { define: statement.name }),
    ...(localId === undefined ? {} : { localId }),
    ...(start === undefined ? {} : { line: start.line, column: start.column }),
  }
}

interface Position {
  readonly line: number
  readonly column: number
}

/** A locator is `line:column-line:column`, or `line:column` for one character. */
function startOf(locator: unknown): Position | undefined {
  const [line, column] = typeof locator === 'string' ? (locator.split('-')[0] ?? '').split(':').map(Number) : []
  return line === undefined || column === undefined ? undefined : { line, column }
}

function holds(locator: unknown, position: Position | undefined): boolean {
  if (typeof locator !== 'string' || position === undefined) return false
  const [from, to] = locator.split('-')
  const start = startOf(from)
  const end = startOf(to ?? from)
  return start !== undefined && end !== undefined && !isBefore(position, start) && !isBefore(end, position)
}

const isBefore = (a: Position, b: Position) => a.line < b.line || (a.line === b.line && a.column < b.column)

const localIds = new WeakMap<ElmLibrary, ReadonlyMap<string, string>>()

/** The library's own localId of the node at a locator; undefined where its ELM has none. */
function localIdAt(library: ElmLibrary, locator: string | undefined): string | undefined {
  if (locator === undefined) return undefined
  let known = localIds.get(library)
  if (known === undefined) {
    const found = new Map<string, string>()
    gatherLocalIds(library, found)
    localIds.set(library, found)
    known = found
  }
  return known.get(locator)
}

function gatherLocalIds(node: unknown, found: Map<string, string>): void {
  if (typeof node !== 'object' || node === null) return
  const { locator, localId } = node as ElmNode
  if (locator !== undefined && localId !== undefined) found.set(locator, localId)
  for (const child of Object.values(node)) gatherLocalIds(child, found)
}
