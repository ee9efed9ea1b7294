import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach } from 'vitest'
import { defaultConfig } from '../../src/base/index.ts'
import { type IngestReport, ingest } from '../../src/ingest/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

const folders: string[] = []
const stores: Store[] = []

afterEach(() => {
  for (const store of stores.splice(0)) closeQuietly(store)
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

// A test may have closed it already.
function closeQuietly(store: Store): void {
  try {
    store.close()
  } catch {
    return
  }
}

/** A new folder that is removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-ingest-'))
  folders.push(folder)
  return folder
}

/** Writes files below a folder; text that is named *.gz is compressed. */
export function write(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    const plain = typeof content === 'string' && name.endsWith('.gz')
    writeFileSync(join(folder, name), plain ? gzipSync(content) : content)
  }
  return folder
}

export const lines = (...texts: readonly (string | object)[]): string =>
  texts.map((text) => `${typeof text === 'string' ? text : JSON.stringify(text)}\n`).join('')

export const patient = (id: string, more: object = {}): object => ({ resourceType: 'Patient', id, ...more })

export const observation = (id: string, of: string, more: object = {}): object => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
  subject: { reference: `Patient/${of}` },
  ...more,
})

export const manifest = (...output: readonly object[]): string =>
  JSON.stringify({ transactionTime: '2026-01-01T00:00:00Z', output })

export async function newStore(path = ':memory:'): Promise<Store> {
  const store = await openStore({ path })
  stores.push(store)
  return store
}

export function load(store: Store, path: string, more: object = {}): Promise<IngestReport> {
  return ingest(store, { path, config: defaultConfig, ...more })
}

/** The current resources as text, in an order of their own: source, type, id, raw. */
export async function contents(store: Store): Promise<string[]> {
  const rows = await store.session.all<{ line: string }>(
    `SELECT source || ' ' || type || '/' || id || ' ' || raw AS line FROM resource WHERE NOT deleted ORDER BY line`,
  )
  return rows.map((row) => row.line)
}
