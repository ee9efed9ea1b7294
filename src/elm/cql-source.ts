import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault, messageOf } from '../base/index.ts'
import { type CqlHeader, parseCqlHeader } from './cql-header.ts'

/** One CQL library as text. */
export interface CqlSource {
  readonly name: string
  readonly version?: string
  readonly text: string
  /** Where it was read from; absent where it came as text. */
  readonly file?: string
  readonly header: CqlHeader
}

/** A source from CQL text. Without a library declaration its name is empty: nothing can refer to it. */
export function cqlSource(text: string, file?: string): CqlSource {
  const header = parseCqlHeader(text)
  const version = header.library?.version
  return {
    name: header.library?.name ?? '',
    ...(version === undefined ? {} : { version }),
    text,
    ...(file === undefined ? {} : { file }),
    header,
  }
}

/**
 * The CQL libraries of folders (`*.cql`, not deeper), by folder and then by file name. Fault:
 * `elm/unreadable-folder`.
 */
export function readCqlFolders(folders: readonly string[]): readonly CqlSource[] {
  return folders.flatMap(readCqlFolder)
}

function readCqlFolder(folder: string): readonly CqlSource[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.cql'))
      .sort()
      .map((name) => cqlSource(readFileSync(join(folder, name), 'utf8'), join(folder, name)))
  } catch (thrown) {
    throw fault('input', 'elm/unreadable-folder', `CQL cannot be read: ${messageOf(thrown)}.`, {
      place: { file: folder },
      remedy: 'Name an existing folder of CQL files.',
    })
  }
}

/** Name and version as people write them: `Hospice|1.0.0`. */
export function formatLibraryName(library: { readonly name: string; readonly version?: string }): string {
  return library.version === undefined ? library.name : `${library.name}|${library.version}`
}
