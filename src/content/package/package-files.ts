import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CaregapError, fault, messageOf } from '../../base/index.ts'
import { type ArchivedFile, readArchive } from './archive.ts'
import { readZip } from './zip.ts'

/** A file of a package as text, named as within the package: never with the folders of the machine. */
export interface PackageFile {
  readonly name: string
  readonly text: string
}

/** What a path holds: `origin` is its last part. */
export interface PackageFiles {
  readonly origin: string
  readonly files: readonly PackageFile[]
}

/** Files of an archive or folder that can hold what a package is made of. */
const readable = /\.(json|xml|ndjson)(\.gz)?$/i

/** Files that tools put beside resources, and examples of an IG: no content. */
const besides = /(^|\/)(\.index\.json|\.[^/]*|example\/.*|examples\/.*|other\/.*|tests?\/.*|xml\/.*)$/i

/**
 * Reads a file (`.json`, `.xml`, `.ndjson`, each also `.gz`), an archive (`.tgz`, `.tar.gz`, `.zip`) or a folder with all below
 * it, in the order of names. Faults: `content/unreadable-package`, `content/unreadable-archive`.
 */
export function readPackageFiles(path: string): PackageFiles {
  const origin = basename(path)
  try {
    if (statSync(path).isDirectory()) return { origin, files: folderFiles(path) }
    const bytes = readFileSync(path)
    if (/\.(tgz|tar\.gz)$/i.test(path)) return { origin, files: archiveFiles(readArchive(bytes, origin)) }
    if (/\.zip$/i.test(path)) return { origin, files: archiveFiles(readZip(bytes, origin)) }
    return { origin, files: [{ name: origin, text: textOf(origin, bytes) }] }
  } catch (thrown) {
    if (thrown instanceof CaregapError) throw thrown
    throw fault('input', 'content/unreadable-package', `The package cannot be read: ${messageOf(thrown)}.`, {
      place: { file: origin },
      remedy: 'Name an existing file, folder, .tgz or .zip archive.',
    })
  }
}

function folderFiles(path: string): readonly PackageFile[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split('\\').join('/'))
    .filter(isContent)
    .sort()
    .filter((name) => statSync(join(path, name)).isFile())
    .map((name) => ({ name, text: textOf(name, readFileSync(join(path, name))) }))
}

function archiveFiles(files: readonly ArchivedFile[]): readonly PackageFile[] {
  return files
    .map(({ name, bytes: content }) => ({ name: name.replace(/^(\.\/)?package\//, ''), content }))
    .filter(({ name }) => isContent(name))
    .map(({ name, content }) => ({ name, text: textOf(name, content) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const isContent = (name: string): boolean => readable.test(name) && !besides.test(name)

function textOf(name: string, bytes: Uint8Array): string {
  const plain = /\.gz$/i.test(name) ? gunzipSync(bytes) : Buffer.from(bytes)
  return plain.toString('utf8').replace(/^\uFEFF/, '')
}
