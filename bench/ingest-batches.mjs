// Memory and disk of a large store: node bench/ingest-batches.mjs [resources] [patients a batch]
// Exports are generated, loaded to typed tables, persons, attribution and all, and removed, one after the other, until
// so many resources are held. Each batch is of other sources: ids of the generator repeat. Prints a line for each batch.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkNode, ensureBuilt, ensureInstalled, root } from '../bin/setup.mjs'

checkNode()
ensureInstalled()
ensureBuilt()
const { defaultConfig, silentProgress } = await import('../dist/base/index.js')
const { loadingMemoryMb } = await import('../dist/cli/open-application.js')
const { loadContent } = await import('../dist/content/index.js')
const { loadData } = await import('../dist/jobs/index.js')
const { prepareSetMeasures } = await import('../dist/jobs/set-measures.js')
const { openStore } = await import('../dist/store/index.js')

const [wanted = 1_000_000, patients = 10_000] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'caregap-batches-'))
const database = join(folder, 'bench.duckdb')
const store = await openStore({ path: database, memoryLimitMb: loadingMemoryMb, threads: 2 })
const content = await loadContent()
const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
await prepareSetMeasures(store.session, content.measures, content.valueSets, period)

const mib = (bytes) => Math.round(bytes / 2 ** 20)
const diskUsed = () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

let [held, batch, wall, cpu, mostDisk] = [0, 0, 0, 0, 0]
while (held < wanted) {
  batch += 1
  const out = join(folder, 'export')
  // In a process of its own: its memory is not the store's.
  const asked = ['generate', '--patients', String(patients), '--seed', String(batch), '--out', out]
  execFileSync(process.execPath, [join(root, 'bin', 'caregap'), ...asked], { stdio: 'ignore' })
  const before = held
  const began = performance.now()
  const used = process.cpuUsage()
  for (const source of readdirSync(out).filter((name) => existsSync(join(out, name, 'manifest.json')))) {
    const request = { path: join(out, source), source: `${source}-${batch}`, config: defaultConfig }
    const { ingest } = await loadData(store, { ...request, progress: silentProgress })
    held += ingest.total.inserted
    if (ingest.total.good !== ingest.total.inserted + ingest.total.duplicate) throw new Error('a batch is not all new')
    mostDisk = Math.max(mostDisk, diskUsed())
  }
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(used)
  wall += seconds
  cpu += (user + system) / 1e6
  rmSync(out, { recursive: true })
  const { rss } = process.memoryUsage()
  console.log(
    `${held.toLocaleString('en-US').padStart(12)} resources  ${seconds.toFixed(1).padStart(6)} s ${((user + system) / 1e6).toFixed(1).padStart(6)} CPU s ${Math.round(
      (held - before) / seconds,
    )
      .toString()
      .padStart(
        7,
      )} resources/s  now ${mib(rss)} MiB, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, disk ${mib(diskUsed())} MiB`,
  )
}
store.close()
console.log(
  `${held.toLocaleString('en-US')} resources in ${batch} batches: ${wall.toFixed(0)} s, ${cpu.toFixed(0)} CPU s, ${Math.round(held / wall)} resources/s, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB; the file ${mib(statSync(database).size)} MiB, on disk at most ${mib(mostDisk)} MiB with the export`,
)
rmSync(folder, { recursive: true })
