import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../base/index.ts'
import { isObject } from '../fhir/index.ts'
import { isOpenedBundle, openBundle } from './bundle.ts'
import type { SourceExport } from './source-export.ts'

const headBytes = 64 * 1024

/** The JSON files of a folder that look like resources, in order of their names. */
export function resourceFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /\.json$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .filter((name) => namesResource(join(folder, name)))
}

/** True where the beginning of a JSON file says that it is a resource. */
export function namesResource(path: string): boolean {
  const handle = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    const bytes = readSync(handle, head, 0, headBytes, 0)
    return /"resourceType"\s*:\s*"/.test(head.toString('latin1', 0, bytes))
  } finally {
    closeSync(handle)
  }
}

/**
 * An export of JSON files of a resource each, or of Bundles whose entries are loaded. Bundles among other resources are
 * resources like these, and stay whole: that is said. Faults: those of `openBundle`.
 */
export function fromResources(source: string, origin: string, paths: readonly string[]): SourceExport {
  const bundles = paths.filter((path) => isOpenedBundle(parsed(path)))
  if (bundles.length < paths.length || paths.length === 0) {
    const files = paths.map((path) => ({ path, form: 'resource' as const }))
    return { source, origin, files, warnings: bundles.length === 0 ? [] : [keptWhole(origin, bundles.length)] }
  }
  const opened = paths.map((path) => openBundle(readFileSync(path), path))
  return {
    source,
    origin,
    files: paths.map((path) => ({ path, form: 'bundle' as const })),
    deletions: opened.flatMap(({ deletions }) => deletions),
    urns: new Map(opened.flatMap(({ urns }) => [...urns])),
  }
}

function parsed(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8')
    // Only Bundles are worth parsing; what is no JSON is told when its line is judged.
    if (!/"resourceType"\s*:\s*"Bundle"/.test(text)) return undefined
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function keptWhole(origin: string, count: number): Diagnostic {
  return {
    code: 'ingest/bundle-kept-whole',
    severity: 'information',
    message: `${count} Bundles among other resources were loaded as the resources that they are, not entry by entry.`,
    place: { file: origin },
    remedy: 'To load their entries, give these files alone.',
  }
}
