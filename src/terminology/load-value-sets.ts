import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Diagnostic, fault, messageOf } from '../base/index.ts'
import { isObject } from '../fhir/index.ts'
import { type ReadValueSet, readFhirValueSet } from './fhir-value-set.ts'
import { readValueSetLine } from './value-set-line.ts'
import type { Expansion, ValueSets } from './value-sets.ts'
import { pinValueSets } from './value-sets-pinned.ts'

export interface LoadedValueSets {
  readonly valueSets: ValueSets
  /** Sets that are not whole, each with its flaw: not among `valueSets`. */
  readonly partial: readonly Expansion[]
  /** What is wrong, by set: a set with an error is not among `valueSets`, so whatever needs it stops. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Loads the value sets of files and folders (searched to any depth): FHIR ValueSets and Bundles of them (`.json`),
 * FHIR ValueSets or `{url, version, title, codes}` by line (`.ndjson`), each also as `.gz`. Where two have the same
 * url, the later path wins: an official expansion takes the place of a shipped one. Faults: a path or a file
 * that cannot be read as a whole. Sets that are empty or cut are diagnostics, and left out, earlier ones of their url
 * with them.
 */
export function loadValueSets(paths: readonly string[]): LoadedValueSets {
  const reads = paths.flatMap(filesOf).flatMap(readFile)
  const diagnostics = reads.flatMap((read) => read.diagnostics)
  return {
    valueSets: pinValueSets(wholeSets(reads)),
    partial: reads.flatMap((read) => read.partial ?? []),
    diagnostics,
  }
}

/** A later set that is not whole takes the place of an earlier one too: it must stop what needs it, not fall back. */
function wholeSets(reads: readonly ReadValueSet[]): readonly Expansion[] {
  const lastPartial = new Map(reads.map((read, index) => [read.partial?.url, index]))
  return reads.flatMap(({ expansion }, index) =>
    expansion === undefined || (lastPartial.get(expansion.url) ?? -1) > index ? [] : [expansion],
  )
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(json|ndjson)(\.gz)?$/.test(name))
      .sort()
      .map((name) => join(path, name))
  } catch (thrown) {
    throw unreadable(path, thrown, 'Name an existing file or folder.')
  }
}

function readFile(file: string): readonly ReadValueSet[] {
  try {
    const bytes = readFileSync(file)
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
    if (!/\.ndjson(\.gz)?$/.test(file))
      return valueSetsIn(JSON.parse(text)).map((set) => readFhirValueSet(set, { file }))
    return text.split('\n').flatMap((line, index) => {
      if (line.trim() === '') return []
      const place = { file, line: index + 1 }
      const value: unknown = JSON.parse(line)
      const sets = valueSetsIn(value)
      return sets.length > 0 ? sets.map((set) => readFhirValueSet(set, place)) : [readValueSetLine(value, place)]
    })
  } catch (thrown) {
    throw unreadable(file, thrown, 'Give whole JSON or NDJSON; nothing of this file was taken.')
  }
}

/** The ValueSets of a resource: itself, or the entries of a Bundle. Other resources hold none. */
function valueSetsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isObject(value)) return []
  if (value['resourceType'] === 'ValueSet') return [value]
  const entries = value['resourceType'] === 'Bundle' ? value['entry'] : undefined
  return Array.isArray(entries)
    ? entries.flatMap((entry: unknown) => (isObject(entry) ? valueSetsIn(entry['resource']) : []))
    : []
}

function unreadable(file: string, thrown: unknown, remedy: string) {
  return fault('input', 'terminology/unreadable', `Terminology cannot be read: ${messageOf(thrown)}.`, {
    place: { file },
    remedy,
  })
}
