import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { openStore } from '../../src/store/index.ts'
import { buildCopy } from '../ingest/built-copy.ts'
import { askForAll } from '../ingest/typed-store.ts'
import type { BulkTestServer, Met, ServedFile } from './bulk-server.ts'
import { lines, newFolder, observation, patient, serve } from './pulled.ts'

/** Kills in all; more by hand: CAREGAP_KILLS=100. */
const kills = Number(process.env['CAREGAP_KILLS'] ?? 8)
const seed = Number(process.env['CAREGAP_SEED'] ?? 7)
const people = 60

let built: ReturnType<typeof buildCopy>
beforeAll(() => {
  built = buildCopy()
})
afterAll(() => built.remove())

/** Numbers from 0 up to 1, the same for the same seed. */
function randomNumbers(from: number): () => number {
  let state = from
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Round by round every observation is changed, one patient is new, and one observation is deleted. */
function exportOf(round: number): ServedFile[] {
  const meta = { lastUpdated: new Date(Date.UTC(2026, 0, 1 + round)).toISOString() }
  const patients = Array.from({ length: round === 0 ? people : 1 }, (_, index) =>
    patient(`p${round}-${index}`, { meta }),
  )
  const observations = Array.from({ length: people }, (_, index) =>
    observation(`o${index}`, `p0-${index}`, { meta, valueInteger: round }),
  )
  const gone = { request: { method: 'DELETE', url: `Observation/gone${round - 1}` } }
  return [
    { type: 'Patient', text: lines(...patients), count: patients.length },
    { type: 'Observation', text: lines(...observations.slice(0, 20)), gzip: true },
    { type: 'Observation', text: lines(...observations.slice(20), observation(`gone${round}`, 'p0-0', { meta })) },
    ...(round === 0 ? [] : [{ section: 'deleted' as const, text: lines({ resourceType: 'Bundle', entry: [gone] }) }]),
  ]
}

interface Killer {
  /** Told of every request; kills before it is answered where that is planned. */
  onRequest(met: Met): void
  killedAt: Met['step'] | 'later' | undefined
}

/** Runs a pull in a process of its own and kills it hard as planned. True where it ended by itself. */
async function pullAndKill(
  paths: { db: string; config: string },
  files: number,
  random: () => number,
  arm: (killer: Killer | undefined) => void,
): Promise<Killer['killedAt']> {
  const script = join(projectRoot, 'test/bulk/pull-child.mjs')
  const child = spawn(process.execPath, [script, built.dist, paths.db, paths.config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const atRequest = random() < 0.6 ? 1 + Math.floor(random() * 9) : undefined
  const afterMs = random() * 600
  let requests = 0
  let fetched = 0
  let timer: NodeJS.Timeout | undefined
  const killer: Killer = {
    killedAt: undefined,
    onRequest({ step }) {
      requests++
      if (step === 'file') fetched++
      if (requests === atRequest) {
        killer.killedAt = step
        child.kill('SIGKILL')
      } else if (atRequest === undefined && (fetched === files || step === 'delete') && timer === undefined) {
        timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
      }
    },
  }
  arm(killer)
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  arm(undefined)
  if (said.includes('done 0')) return undefined
  return killer.killedAt ?? 'later'
}

async function look(db: string) {
  const store = await openStore({ path: db, threads: 1 })
  try {
    const { session } = store
    const [values] = await session.all<{ n: number; low: number | null; high: number | null }>(
      `SELECT count(*)::INTEGER AS n, min((raw ->> 'valueInteger')::INTEGER) AS low,
         max((raw ->> 'valueInteger')::INTEGER) AS high FROM resource WHERE NOT deleted`,
    )
    const twice = await session.all('SELECT rid, hash FROM raw_line GROUP BY ALL HAVING count(*) > 1')
    const [typed] = await session
      .all<{ n: number }>('SELECT count(*)::INTEGER AS n FROM typed_observation')
      .catch(() => [{ n: 0 }])
    const [ended] = await session.all<{ done: number; whole: number; begun: number }>(
      `SELECT count(*) FILTER (state = 'done')::INTEGER AS done,
         count(*) FILTER (state IN ('committed', 'done'))::INTEGER AS whole,
         count(status_url)::INTEGER AS begun FROM pull`,
    )
    const [newest] = await session.all<{ state: string; folder: string }>('FROM pull ORDER BY pull_id DESC LIMIT 1')
    const [mark] = await session.all<{ since: string; pull_id: number }>('FROM pull_watermark')
    const jobs = await session.all(`FROM job WHERE state = 'published'`)
    return {
      values,
      twice,
      typed: typed?.n,
      newest,
      mark,
      done: ended?.done ?? 0,
      whole: ended?.whole ?? 0,
      begun: ended?.begun ?? 0,
      published: jobs.length,
    }
  } finally {
    store.close()
  }
}

function configAt(server: BulkTestServer): string {
  const config = join(newFolder(), 'caregap.config.json')
  const bulk = {
    baseUrl: server.base,
    level: 'system',
    plainLoopback: true,
    pollSeconds: { least: 0.02, most: 1 },
    parallel: 2,
  }
  writeFileSync(config, JSON.stringify({ sources: [{ name: 'lakeside', bulk }] }))
  return config
}

test(
  'killed at any moment and run again: no export twice, every change exactly once',
  async () => {
    const random = randomNumbers(seed)
    let killer: Killer | undefined
    const setup = (round: number) => ({
      files: exportOf(round),
      polls: 2,
      transactionTime: new Date(Date.UTC(2026, 0, 1 + round)).toISOString(),
      onRequest: (met: Met) => killer?.onRequest(met),
    })
    const server = await serve(setup(0))
    const paths = { db: join(newFolder(), 'killed.duckdb'), config: configAt(server) }
    const asking = await openStore({ path: paths.db })
    await askForAll(asking, 'Observation')
    asking.close()
    const killedAt: string[] = []
    let rounds = 0
    let runs = 0
    while (killedAt.length < kills) {
      expect(runs++).toBeLessThan(kills * 4 + 20)
      const files = exportOf(rounds).length
      const killed = await pullAndKill(paths, files, random, (next) => {
        killer = next
      })
      const seen = existsSync(paths.db) ? await look(paths.db) : undefined
      if (killed !== undefined) killedAt.push(killed)
      const whole = seen?.whole ?? 0
      expect(seen?.twice ?? []).toEqual([])
      // All of a round or nothing of it, and the watermark with it.
      if (whole === 0) expect(seen?.values?.n ?? 0).toBe(0)
      else {
        expect(seen?.values).toEqual({ n: 2 * people + whole, low: whole - 1, high: whole - 1 })
        expect(seen?.mark?.pull_id).toBe(whole)
      }
      expect(seen?.published ?? 0).toBe(whole)
      if (seen?.done !== rounds + 1) continue
      rounds++
      expect(seen?.typed).toBe(people + 1)
      expect(existsSync(seen?.newest?.folder ?? '')).toBe(false)
      server.become(setup(rounds))
    }
    // Only a process that died while its kick-off was on the way may have begun an export that nobody waits for.
    const unknown = killedAt.filter((step) => step === 'kick-off').length
    console.log(
      `${killedAt.length} kills (${[...new Set(killedAt)].join(', ')}), ${rounds} whole pulls, ${server.kickOffs()} exports`,
    )
    expect(server.kickOffs()).toBe((await look(paths.db)).begun + unknown)
  },
  120_000 + kills * 15_000,
)
