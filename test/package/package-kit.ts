import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { fixedClock } from '../../src/base/index.ts'
import type { PackageContext } from '../../src/content/index.ts'
import { openStore } from '../../src/store/index.ts'

export const clock = fixedClock('2026-05-01T12:00:00Z')

/** A folder of its own in the system's temporary folder. */
export const scratch = mkdtempSync(join(tmpdir(), 'caregap-package-'))
// Test files of one process share it, so it goes with the process.
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

let counter = 0

/** Writes a package as one JSON file (a Bundle of the resources) and gives its path. */
export function bundleFile(resources: readonly object[], name = `bundle-${++counter}.json`): string {
  const path = join(scratch, name)
  const entry = resources.map((resource) => ({ resource }))
  writeFileSync(path, JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }))
  return path
}

/** Writes files into a folder of its own. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, `folder-${++counter}`)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** A tar archive as npm packs it: ustar headers, files in blocks of 512 bytes. */
export function archiveOf(files: Readonly<Record<string, string>>): string {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text)
    const header = Buffer.alloc(512)
    header.write(`package/${name}`, 0)
    header.write(content.length.toString(8).padStart(11, '0'), 124)
    header.write('0', 156)
    header.write('ustar', 257)
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  const path = join(scratch, `archive-${++counter}.tgz`)
  writeFileSync(path, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])))
  return path
}

/** A zip archive as MADiE exports measures: each file deflated, a list of them at the end. */
export function zipOf(files: Readonly<Record<string, string>>): string {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const packed = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    parts.push(local, Buffer.from(name), packed)
    list.push(entry, Buffer.from(name))
    at += local.length + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(at, 16)
  const path = join(scratch, `export-${++counter}.zip`)
  writeFileSync(path, Buffer.concat([...parts, ...list, end]))
  return path
}

/** A store in memory, with the cache of translations in the scratch folder. */
export async function emptyContext(more: Partial<PackageContext> = {}) {
  const store = await openStore({ path: ':memory:' })
  const context: PackageContext = { session: store.session, cacheDir: join(scratch, 'cache'), ...more }
  return { store, context }
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

export function library(name: string, version: string, cql: string, more: object = {}): object {
  return {
    resourceType: 'Library',
    id: name,
    url: `http://x/Library/${name}`,
    version,
    name,
    status: 'active',
    type: { coding: [{ code: 'logic-library' }] },
    content: [{ contentType: 'text/cql', data: base64(cql) }],
    ...more,
  }
}

const cqfm = (name: string, valueCode: string) => ({
  url: `http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-${name}`,
  valueCode,
})

/** A cohort measure of one define, boolean. */
export function measure(id: string, version: string, libraryUrl: string, define = 'In'): object {
  return {
    resourceType: 'Measure',
    id,
    url: `http://x/Measure/${id}`,
    version,
    name: id,
    status: 'active',
    library: [libraryUrl],
    group: [
      {
        id: 'g',
        extension: [cqfm('scoring', 'cohort'), cqfm('populationBasis', 'boolean')],
        population: [
          { id: 'ip', code: { coding: [{ code: 'initial-population' }] }, criteria: { expression: define } },
        ],
      },
    ],
  }
}

export const logic = (name: string, version: string, lines: readonly string[] = []): string =>
  [
    `library ${name} version '${version}'`,
    ...lines.filter((line) => line.startsWith('include')),
    `codesystem "Loinc": 'http://loinc.org'`,
    `valueset "Set": 'http://x/ValueSet/set'`,
    `code "One": '1' from "Loinc"`,
    `define "In": "One" in "Set"`,
    ...lines.filter((line) => !line.startsWith('include')),
  ].join('\n')

/** A value set of LOINC codes under the url that `logic` reads. */
export const valueSet = (codes: readonly string[], more: object = {}): object => ({
  resourceType: 'ValueSet',
  url: 'http://x/ValueSet/set',
  name: 'Set',
  expansion: { contains: codes.map((code) => ({ system: 'urn:oid:2.16.840.1.113883.6.1', code })) },
  ...more,
})
