import { createHash } from 'node:crypto'
import type { Body, Core } from '../core/index.ts'
import type { ElmLibrary, LibraryClosure } from '../elm/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { EvaluationPeriod } from './evaluation-time.ts'

/** By define (`Library.Name`), the key under which its value is the same for whoever evaluates the same record. */
export type SharedDefines = ReadonlyMap<string, string>

/** The same of functions, by their keys. */
export type SharedFunctions = ReadonlyMap<string, string>

export interface SharedBy {
  readonly closure: LibraryClosure
  readonly period: EvaluationPeriod
  readonly valueSets: ValueSets
}

/**
 * The defines of included libraries, by what their value follows from beside the record: the ELM of their library and of
 * all that it includes, the period (and with it `Now()`), the value sets, and how profiles are matched. Measures that
 * include the same libraries so evaluate them once for a person.
 */
export function sharedDefines(core: Core, by: SharedBy): SharedDefines {
  return keysOf(core.defines, core, by)
}

/** Functions of included libraries: what they give for an object of the record follows from the same. */
export function sharedFunctions(core: Core, by: SharedBy): SharedFunctions {
  return keysOf(core.functions, core, by)
}

function keysOf(
  bodies: ReadonlyMap<string, Body>,
  { main }: Core,
  { closure, period, valueSets }: SharedBy,
): ReadonlyMap<string, string> {
  const { start, end, timeZone } = period
  const surroundings = [start, end, timeZone, numberOf(valueSets), closure.profiles ?? 'inferred'].join(' ')
  const contents = new Map(
    closure.libraries
      .filter((one) => closure.libraries.every((other) => other === one || nameOf(other) !== nameOf(one)))
      .map((library) => [nameOf(library), contentOf(library, closure)]),
  )
  const keys = new Map<string, string>()
  for (const [name, { library }] of bodies) {
    // Two versions of one library in a closure are rare: what its name does not tell apart is not shared.
    const content = library === main ? undefined : contents.get(library)
    if (content !== undefined) keys.set(name, `${content} ${surroundings} ${name}`)
  }
  return keys
}

const nameOf = ({ identifier }: ElmLibrary): string => identifier.id

/** A hash over a library and all that it includes, directly or not. */
function contentOf(library: ElmLibrary, closure: LibraryClosure): string {
  const found = new Set([library])
  for (const one of found) {
    const names = new Set(one.includes?.def.map(({ path }) => path.split('/').at(-1)))
    for (const other of closure.libraries) if (names.has(nameOf(other))) found.add(other)
  }
  const digest = createHash('sha256')
  for (const one of found) digest.update(hashOf(one))
  return digest.digest('base64url')
}

const hashes = new WeakMap<ElmLibrary, string>()

function hashOf(library: ElmLibrary): string {
  const known = hashes.get(library)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(JSON.stringify(library)).digest('base64url')
  hashes.set(library, hash)
  return hash
}

const numbers = new WeakMap<ValueSets, number>()
let lastNumber = 0

function numberOf(valueSets: ValueSets): number {
  const known = numbers.get(valueSets)
  if (known !== undefined) return known
  lastNumber += 1
  numbers.set(valueSets, lastNumber)
  return lastNumber
}
