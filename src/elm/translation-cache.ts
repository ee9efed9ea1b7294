import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, messageOf } from '../base/index.ts'
import type { ElmLibrary } from './library.ts'

const fileOf = (folder: string, hash: string): string => join(folder, `${hash}.json`)

/** The libraries that were translated under this hash, or undefined. A file that cannot be read counts as absent. */
export function readCachedElm(folder: string, hash: string): readonly ElmLibrary[] | undefined {
  try {
    return (JSON.parse(readFileSync(fileOf(folder, hash), 'utf8')) as { libraries: readonly ElmLibrary[] }).libraries
  } catch {
    return undefined
  }
}

/**
 * Keeps libraries under their hash: written aside and moved, so that no reader meets half a file.
 * A folder that cannot be written costs time and nothing else: that is a warning.
 */
export function writeCachedElm(folder: string, hash: string, libraries: readonly ElmLibrary[]): readonly Diagnostic[] {
  try {
    mkdirSync(folder, { recursive: true })
    const aside = `${fileOf(folder, hash)}.${process.pid}.tmp`
    writeFileSync(aside, JSON.stringify({ libraries }))
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
