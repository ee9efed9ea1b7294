import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { type BulkServer, type Config, loadConfig, type Progress, silentProgress } from '../../src/base/index.ts'
import type { Pace } from '../../src/bulk/index.ts'
import { type PullResult, pullSource } from '../../src/jobs/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { type BulkTestServer, type ServedFile, type ServerSetup, startBulkServer } from './bulk-server.ts'

const folders: string[] = []
const stores: Store[] = []
const servers: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const store of stores.splice(0)) store.close()
  for (const server of servers.splice(0)) await server.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder, a store and a server that end with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-bulk-'))
  folders.push(folder)
  return folder
}

export async function newStore(path = join(newFolder(), 'pull.duckdb')): Promise<Store> {
  const store = await openStore({ path, threads: 1 })
  stores.push(store)
  return store
}

export async function serve(setup: ServerSetup): Promise<BulkTestServer> {
  const server = await startBulkServer(setup)
  servers.push(server)
  return server
}

export function closeAfterTest(server: { close(): Promise<void> }): void {
  servers.push(server)
}

/** A clock that jumps instead of waiting, and remembers every wait. */
export interface JumpingPace extends Pace {
  readonly waits: readonly number[]
}

export function jumpingPace(): JumpingPace {
  const waits: number[] = []
  let jumped = 0
  return {
    waits,
    now: () => Date.now() + jumped,
    sleep: async (ms) => {
      waits.push(ms)
      jumped += ms
    },
    random: () => 0.5,
  }
}

/** A configuration as a file would give it, with quick limits. */
export function configFor(server: { readonly base: string }, more: Record<string, unknown> = {}): Config {
  const file = join(newFolder(), 'caregap.config.json')
  const bulk = {
    baseUrl: server.base,
    level: 'system',
    plainLoopback: true,
    requestSeconds: 2,
    stallSeconds: 0.3,
    attempts: 4,
    ...more,
  }
  writeFileSync(file, JSON.stringify({ sources: [{ name: 'lakeside', bulk }] }))
  return loadConfig(file)
}

export const serverOf = (config: Config): BulkServer | undefined => config.sources[0]?.bulk

export function pull(
  store: Store,
  config: Config,
  more: {
    readonly pace?: Pace
    readonly progress?: Progress
    readonly full?: boolean
    readonly onNote?: (text: string) => void
  } = {},
): Promise<PullResult> {
  return pullSource(store, {
    source: 'lakeside',
    config,
    progress: silentProgress,
    pace: jumpingPace(),
    onNote: () => undefined,
    ...more,
  })
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

/** Three patients and four observations in three files. */
export const smallExport: readonly ServedFile[] = [
  { type: 'Patient', text: lines(patient('a'), patient('b'), patient('c')), count: 3 },
  { type: 'Observation', text: lines(observation('1', 'a'), observation('2', 'b')), count: 2 },
  { type: 'Observation', text: lines(observation('3', 'b'), observation('4', 'c')), gzip: true },
]

/** Current resources as `Type/id`, in order. */
export async function currentIds(store: Store): Promise<string[]> {
  const rows = await store.session.all<{ key: string }>(
    `SELECT type || '/' || id AS key FROM resource WHERE NOT deleted ORDER BY key`,
  )
  return rows.map(({ key }) => key)
}

export const smallIds = [
  'Observation/1',
  'Observation/2',
  'Observation/3',
  'Observation/4',
  'Patient/a',
  'Patient/b',
  'Patient/c',
]
