import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

/** Mounts a small file system for the time of the work; skips with a message where that is not allowed. */
async function onSmallDisk(
  megabytes: number,
  work: (folder: string, resize: (options: string) => void) => Promise<void>,
) {
  const folder = join(newFolder(), 'disk')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  if (mounted.status !== 0) {
    console.log('skipped: mounting a small file system is not allowed here')
    return
  }
  try {
    await work(folder, (options) => spawnSync('mount', ['-o', `remount,${options}`, folder]))
  } finally {
    spawnSync('umount', ['-l', folder])
  }
}

const filler = (index: number) =>
  Array.from({ length: 40 }, (_, n) => ((index * 7919 + n * 104729) % 999983).toString(36)).join('')

test('a full disk: one clear line, nothing half-loaded, and after freeing space the same command goes on', async () => {
  await onSmallDisk(12, async (disk, resize) => {
    const people = Array.from({ length: 200 }, (_, index) => patient(`p${index}`))
    const facts = Array.from({ length: 40_000 }, (_, index) =>
      observation(`o${index}`, `p${index % 200}`, { note: [{ text: filler(index) }] }),
    )
    const folder = write(newFolder(), { 'Patient.ndjson': lines(...people), 'Observation.ndjson': lines(...facts) })
    const db = join(disk, 'small.duckdb')
    const store = await newStore(db)
    await expect(load(store, folder, { source: 'ehr', blockBytes: 1_000_000 })).rejects.toMatchObject({
      kind: 'system',
      exitCode: 4,
      diagnostics: [
        {
          code: 'duck/disk-full',
          message: expect.stringContaining('The disk is full'),
          place: { file: expect.stringContaining(disk) },
          remedy: expect.stringContaining('Free some space'),
        },
      ],
    })
    store.close()
    resize('size=300m')
    const again = await newStore(db)
    expect(await again.session.all('FROM resource_current')).toEqual([])
    expect((await load(again, folder, { source: 'ehr', blockBytes: 1_000_000 })).total).toMatchObject({
      good: 40_200,
      inserted: 40_200,
    })
    again.close()
  })
}, 180_000)

test('a read-only file system: the database cannot be opened, and why is said', async () => {
  await onSmallDisk(4, async (disk, resize) => {
    resize('ro')
    await expect(newStore(join(disk, 'new.duckdb'))).rejects.toMatchObject({
      kind: 'system',
      diagnostics: [
        {
          code: 'duck/not-writable',
          place: { file: join(disk, 'new.duckdb') },
          remedy: expect.stringContaining('may write'),
        },
      ],
    })
  })
})

test('a database of a newer caregap is refused, and left untouched', async () => {
  const path = join(newFolder(), 'newer.duckdb')
  const store = await newStore(path)
  await store.session.run(
    `INSERT INTO schema_migration (version, name, applied_at) VALUES (999, 'later', now()::TIMESTAMP)`,
  )
  store.close()
  const before = readFileSync(path)
  await expect(newStore(path)).rejects.toMatchObject({
    exitCode: 3,
    diagnostics: [{ code: 'duck/newer-schema', place: { file: path } }],
  })
  expect(readFileSync(path).equals(before)).toBe(true)
})

// The header's checksum is the XOR of its 64-bit words times a constant: only the words that changed matter.
const times = (word: bigint) => BigInt.asUintN(64, word * 0xbf58476d1ce4e5b9n)

test('a database of a newer DuckDB is refused, and what to do is said', async () => {
  const path = join(newFolder(), 'newer.duckdb')
  const store = await newStore(path)
  store.close()
  const header = readFileSync(path)
  const version = header.readBigUInt64LE(12)
  header.writeBigUInt64LE(4095n, 12)
  const before = readFileSync(path)
  let checksum = before.readBigUInt64LE(0)
  for (const at of [8, 16]) checksum ^= times(before.readBigUInt64LE(at)) ^ times(header.readBigUInt64LE(at))
  header.writeBigUInt64LE(checksum, 0)
  expect(version).toBeLessThan(4095n)
  writeFileSync(path, header)
  await expect(newStore(path)).rejects.toMatchObject({
    exitCode: 3,
    diagnostics: [{ code: 'duck/newer-format', remedy: expect.stringContaining('load the data again') }],
  })
})

test('a file that is no database is refused', async () => {
  const path = join(newFolder(), 'text.duckdb')
  writeFileSync(path, 'this is a letter, not a database. '.repeat(1000))
  await expect(newStore(path)).rejects.toMatchObject({ exitCode: 3, diagnostics: [{ place: { file: path } }] })
})

test('a database that another process holds: who holds it is said', async () => {
  const path = join(newFolder(), 'held.duckdb')
  const hold = `require('@duckdb/node-api').DuckDBInstance.create(${JSON.stringify(path)}).then(() => { console.log('held'); setInterval(() => {}, 1000) })`
  const holder = spawn(process.execPath, ['-e', hold], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    await expect(newStore(path)).rejects.toMatchObject({
      exitCode: 4,
      diagnostics: [
        { code: 'duck/locked', message: expect.stringContaining(`process ${holder.pid}`), place: { file: path } },
      ],
    })
  } finally {
    holder.kill('SIGKILL')
  }
})
