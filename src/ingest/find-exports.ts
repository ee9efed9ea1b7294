import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fault } from '../base/index.ts'
import { beginsWithResource } from './first-line.ts'
import { fromResources, namesResource, resourceFilesIn } from './json-files.ts'
import { readManifest } from './manifest.ts'
import type { ExportFile, FoundExport, SourceExport } from './source-export.ts'

const linesFile = /\.(ndjson|jsonl)(\.gz)?$/i

/**
 * The exports below a path: a manifest, a folder with one, a folder of NDJSON, of JSON
 * files (a resource or a Bundle each), a folder of sources, or a file.
 * Faults: `ingest/path-missing`, `ingest/nothing-found`, `ingest/source-ambiguous`, `ingest/source-name`.
 */
export function findExports(path: string, source: string | undefined): FoundExport[] {
  checkSourceName(source)
  const full = resolve(path)
  if (!existsSync(full))
    throw fault('input', 'ingest/path-missing', 'There is no such file or folder.', {
      place: { file: path },
      remedy: 'Give a folder, a manifest or an NDJSON file.',
    })
  const found = statSync(full).isDirectory() ? inFolder(full, source) : [oneFile(full, source)]
  if (found.length === 0)
    throw fault(
      'input',
      'ingest/nothing-found',
      'The folder has neither a manifest.json nor NDJSON or JSON files of resources.',
      {
        place: { file: path },
        remedy: 'Give the folder of an export, or of several: FOLDER/<source>/manifest.json.',
      },
    )
  if (found.length > 1 && source !== undefined)
    throw fault(
      'usage',
      'ingest/source-ambiguous',
      `The folder holds ${found.length} sources, and one name is given.`,
      {
        place: { file: path },
        remedy: 'Leave the name out, or give one source’s folder.',
      },
    )
  return found
}

/** Ids are qualified as `<source>.<id>` and pages name sources in their URLs: a name is as the configuration has it. */
function checkSourceName(source: string | undefined): void {
  if (source === undefined || /^[a-z0-9][a-z0-9-]*$/.test(source)) return
  throw fault('usage', 'ingest/source-name', `'${source}' is no name for a source.`, {
    remedy: 'Use lower-case letters, digits and hyphens, as in --source lakeside.',
  })
}

function inFolder(folder: string, source: string | undefined): FoundExport[] {
  const name = () => source ?? sourceName(basename(folder), folder)
  const manifest = join(folder, 'manifest.json')
  if (existsSync(manifest)) return [fromManifest(manifest, name())]
  if (linesFilesIn(folder).length > 0) return [fromFiles(folder, name())]
  if (resourceFilesIn(folder).length > 0) return [fromJson(folder, name())]
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((child) => inSubfolder(join(folder, child), source ?? sourceName(child, folder)))
}

/** A folder of one source among others; none where it holds something else (the truth of a generated export). */
function inSubfolder(folder: string, source: string): FoundExport[] {
  const manifest = join(folder, 'manifest.json')
  if (existsSync(manifest)) return [fromManifest(manifest, source)]
  if (linesFilesIn(folder).some((name) => beginsWithResource(join(folder, name)))) return [fromFiles(folder, source)]
  return linesFilesIn(folder).length === 0 && resourceFilesIn(folder).length > 0 ? [fromJson(folder, source)] : []
}

function oneFile(file: string, source: string | undefined): FoundExport {
  const name = source ?? sourceName(basename(dirname(file)), file)
  if (/\.json$/i.test(file) && namesResource(file)) {
    return { source: name, origin: file, open: () => fromResources(name, file, [file]) }
  }
  if (/\.json$/i.test(file)) return fromManifest(file, name)
  return { source: name, origin: file, open: () => ({ source: name, origin: file, files: [{ path: file }] }) }
}

function fromManifest(manifest: string, source: string): FoundExport {
  return {
    source,
    origin: manifest,
    open: () => patientsFirst({ source, origin: manifest, ...readManifest(manifest) }),
  }
}

function fromJson(folder: string, source: string): FoundExport {
  const paths = resourceFilesIn(folder).map((name) => join(folder, name))
  return { source, origin: folder, open: () => patientsFirst(fromResources(source, folder, paths)) }
}

function fromFiles(folder: string, source: string): FoundExport {
  const files = linesFilesIn(folder).map((name) => ({ path: join(folder, name) }))
  return { source, origin: folder, open: () => patientsFirst({ source, origin: folder, files }) }
}

const linesFilesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && linesFile.test(entry.name))
    .map((entry) => entry.name)
    .sort()

/** Patients get their numbers in the order of their own file, so that neighbours there are neighbours in the store. */
function patientsFirst(found: SourceExport): SourceExport {
  return { ...found, files: found.files.toSorted((a, b) => rank(a) - rank(b)) }
}

const rank = (file: ExportFile): number => (basename(file.path).startsWith('Patient') ? 0 : 1)

function sourceName(text: string, file: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  if (name !== '') return name
  throw fault('usage', 'ingest/source-name', 'The folder’s name makes no name for the source.', {
    place: { file },
    remedy: 'Name it with --source NAME.',
  })
}
