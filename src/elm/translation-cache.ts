import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, messageOf } from '../base/index.ts'
import type { ElmLibrary } from './library.ts'

const fileOf = (folder: string, hash: string): string => join(folder, `${hash}.json`)

/** What a translation gave: the libraries, and the warnings that came with them. */
export interface CachedElm {
  readonly libraries: readonly ElmLibrary[]
  readonly warnings: readonly Diagnostic[]
}

/** What was translated under this hash, or undefined. A file that cannot be read counts as absent. */
export function readCachedElm(folder: string, hash: string): CachedElm | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(folder, hash), 'utf8')) as CachedElm
  } catch {
    return undefined
  }
}

/**
 * Keeps a translation under its hash: written aside and moved, so that no reader meets half a file.
 * A folder that cannot be written costs time and nothing else: that is a warning.
 */
export function writeCachedElm(folder: string, hash: string, elm: CachedElm): readonly Diagnostic[] {
  try {
    mkdirSync(folder, { recursive: true })
    const aside = `${fileOf(folder, hash)}.${process.pid}.tmp`
    writeFileSync(aside, JSON.stringify(elm))
    renameSync(aside, fileOf(folder, hash))
    return []
  } catch (thrown) {
    return [
      {
        code: 'elm/cache-not-written',
        severity: 'warning',
        message: `Translated logic cannot be kept: ${messageOf(thrown)}.`,
        place: { file: folder },
        remedy: 'Make the folder writable; until then each start translates anew.',
      },
    ]
  }
}
