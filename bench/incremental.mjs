// What a run costs after a refresh that changes some of the people, beside a run over everybody, and that both say the same:
//   node bench/incremental.mjs [patients=2000] [share=0.01]
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { setUp } from '../bin/setup.mjs'

setUp()
const { defaultConfig, silentLogger, silentProgress, systemClock } = await import('../dist/base/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { createApplication, loadData } = await import('../dist/jobs/index.js')
const { openStore } = await import('../dist/store/index.js')
const { generateExport } = await import('../dist/synth/index.js')

const patients = Number(process.argv[2] ?? 2000)
const share = Number(process.argv[3] ?? 0.01)
const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
const folder = mkdtempSync(join(tmpdir(), 'caregap-incremental-'))
const identity = { identifierSystems: ['urn:oid:2.16.840.1.113883.19.5.100'] }
const config = { ...defaultConfig, identity }

async function timed(name, work) {
  const [begin, cpu] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const spent = process.cpuUsage(cpu)
  const [wall, busy] = [(performance.now() - begin) / 1000, (spent.user + spent.system) / 1e6]
  console.log(`${name.padEnd(44)} ${wall.toFixed(1).padStart(8)} s ${busy.toFixed(1).padStart(8)} s CPU`)
  return { result, wall, busy }
}

async function* linesOf(file) {
  const bytes = createReadStream(file)
  yield* createInterface({ input: file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes })
}

/** A refresh of a source: one observation each of every so many patients, with another value. */
async function writeRefresh(from, to, every) {
  mkdirSync(to, { recursive: true })
  const seen = new Map()
  const changed = []
  for (const file of readdirSync(from).filter((name) => /^Observation.*\.ndjson(\.gz)?$/.test(name))) {
    for await (const line of linesOf(join(from, file))) {
      const reference = /"subject":\{"reference":"([^"]+)"/.exec(line)?.[1]
      const value = /"valueQuantity":\{"value":([\d.]+)/.exec(line)?.[1]
      if (reference === undefined || value === undefined || seen.has(reference)) continue
      seen.set(reference, seen.size)
      if (seen.get(reference) % every !== 0) continue
      changed.push(line.replace(`"valueQuantity":{"value":${value}`, `"valueQuantity":{"value":${Number(value) + 1}`))
    }
  }
  writeFileSync(join(to, 'Observation.ndjson'), changed.map((line) => `${line}\n`).join(''))
  return changed.length
}

/** Rows that one of two runs has and the other has not, but for the run itself. */
async function difference(session, one, other) {
  let rows = 0
  for (const table of ['person_result', 'person_error', 'gap']) {
    const of = (run) => `(SELECT * EXCLUDE (run_id) FROM ${table} WHERE run_id = ${run})`
    const [{ found }] = await session.all(
      `SELECT count(*)::INTEGER AS found FROM ((${of(one)} EXCEPT ALL ${of(other)}) UNION ALL (${of(other)} EXCEPT ALL ${of(one)}))`,
    )
    rows += found
  }
  return rows
}

console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`)
const store = await openStore({ path: join(folder, 'bench.duckdb') })
try {
  const out = join(folder, 'export')
  await timed('generate', () => generateExport({ patients, seed: 7, out }))
  await timed('ingest', () => loadData(store, { path: out, config, progress: silentProgress }))
  const content = await loadContent()
  const options = { store, config, clock: systemClock, logger: silentLogger, ...content, workers: 2 }
  const application = await createApplication(options)
  await timed('the first run: everybody, tables made', () => application.evaluateRun({ period }, silentProgress))
  let changed = 0
  for (const source of readdirSync(out, { withFileTypes: true })) {
    if (!source.isDirectory() || source.name === 'truth') continue
    const to = join(folder, 'refresh', source.name)
    changed += await writeRefresh(join(out, source.name), to, Math.round(1 / share))
    const refresh = { path: to, source: source.name, config, progress: silentProgress }
    await timed(`refresh of ${source.name}`, () => loadData(store, refresh))
  }
  const part = await timed('run after the refresh', () => application.evaluateRun({ period }, silentProgress))
  const setting = 'SELECT carried_from, evaluated FROM run_setting WHERE run_id = $run'
  const { carried_from: carried, evaluated } = (await store.session.all(setting, { run: part.result }))[0]
  const full = await timed('run over everybody', () => application.evaluateRun({ period, full: true }, silentProgress))
  const [{ persons }] = await store.session.all('SELECT persons FROM run WHERE run_id = $run', { run: full.result })
  console.log(
    `${changed} observations changed; of ${persons} persons ${evaluated} evaluated anew, the rest as in run ${carried}`,
  )
  console.log(`rows that differ: ${await difference(store.session, part.result, full.result)}`)
  console.log(
    `share of the full run: ${((part.wall / full.wall) * 100).toFixed(1)}% of its time, ${((part.busy / full.busy) * 100).toFixed(1)}% of its CPU`,
  )
} finally {
  store.close()
  rmSync(folder, { recursive: true, force: true })
}
