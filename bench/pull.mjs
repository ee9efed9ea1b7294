// The whole pull against a loopback replay of an export, beside the download alone:
//   node bench/pull.mjs [resources=400000]
import { fork } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

const linesPerFile = 50_000

if (process.argv[2] === '--serve') replay(process.argv[3])
else await measure(Number(process.argv[2] ?? 400_000))

/** A Bulk Data server in a process of its own, so that it does not take the client's thread. */
function replay(folder) {
  const files = readdirSync(folder)
  const server = createServer((request, response) => {
    const origin = `http://127.0.0.1:${server.address().port}`
    const path = request.url.split('?')[0]
    if (path.endsWith('/$export')) {
      response.writeHead(202, { 'Content-Location': `${origin}/status` }).end()
    } else if (request.method === 'DELETE') {
      response.writeHead(202).end()
    } else if (path === '/status') {
      const output = files.map((name) => ({ type: name.split('.')[0], url: `${origin}/file/${name}` }))
      response.end(JSON.stringify({ transactionTime: new Date().toISOString(), requiresAccessToken: false, output }))
    } else {
      const file = join(folder, path.split('/').at(-1))
      response.setHeader('Content-Length', statSync(file).size)
      createReadStream(file).pipe(response)
    }
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

function writeExport(folder, resources) {
  const patients = Math.ceil(resources / 50)
  const perType = { Patient: patients, Observation: resources - patients }
  for (const [type, count] of Object.entries(perType)) {
    for (let from = 0; from < count; from += linesPerFile) {
      const lines = Array.from({ length: Math.min(linesPerFile, count - from) }, (_, index) =>
        JSON.stringify(resource(type, from + index, patients)),
      )
      writeFileSync(join(folder, `${type}.${from}.ndjson`), `${lines.join('\n')}\n`)
    }
  }
}

function resource(type, number, patients) {
  const meta = { versionId: '1', lastUpdated: '2026-01-05T10:00:00Z' }
  if (type === 'Patient') {
    return { resourceType: type, id: `p${number}`, meta, gender: 'female', birthDate: `19${10 + (number % 90)}-03-02` }
  }
  const code = { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }], text: 'HbA1c' }
  const valueQuantity = { value: 4 + (number % 90) / 10, unit: '%', system: 'http://unitsofmeasure.org', code: '%' }
  const day = `2025-${String((number % 12) + 1).padStart(2, '0')}-17`
  const subject = { reference: `Patient/p${number % patients}` }
  const times = { effectiveDateTime: `${day}T08:30:00-05:00`, issued: `${day}T14:00:00.000-05:00` }
  return { resourceType: type, id: `o${number}`, meta, status: 'final', code, subject, ...times, valueQuantity }
}

async function measure(resources) {
  const { setUp } = await import('../bin/setup.mjs')
  setUp()
  const { loadConfig, silentProgress } = await import('../dist/base/index.js')
  const { loadContent } = await import('../dist/content/index.js')
  const { pullSource } = await import('../dist/jobs/index.js')
  const { prepareSetMeasures } = await import('../dist/jobs/set-measures.js')
  const { openStore } = await import('../dist/store/index.js')
  const folder = mkdtempSync(join(tmpdir(), 'caregap-pull-'))
  const served = mkdtempSync(join(tmpdir(), 'caregap-replay-'))
  try {
    writeExport(served, resources)
    const server = fork(fileURLToPath(import.meta.url), ['--serve', served])
    const port = await new Promise((resolve) => server.once('message', resolve))
    try {
      const bytes = readdirSync(served).reduce((sum, name) => sum + statSync(join(served, name)).size, 0)
      console.log(`${resources} resources, ${(bytes / 1e6).toFixed(0)} MB, ${readdirSync(served).length} files`)
      print('download alone', await timed(() => downloadAlone(port, served, folder)), resources)
      const config = join(folder, 'config.json')
      const bulk = { baseUrl: `http://127.0.0.1:${port}/fhir`, level: 'system', plainLoopback: true }
      writeFileSync(config, JSON.stringify({ sources: [{ name: 'replay', bulk: { ...bulk, incremental: false } }] }))
      const store = await openStore({ path: join(folder, 'pull.duckdb'), memoryLimitMb: 1200, threads: 2 })
      // What the bundled measures read is asked for before anything is loaded, so that pulls derive it.
      const content = await loadContent()
      const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
      await prepareSetMeasures(store.session, content.measures, content.valueSets, period)
      let stageStart = performance.now()
      const progress = {
        stage(name) {
          stageStart = performance.now()
          return {
            ...silentProgress.stage(),
            done: () => print(`  ${name}`, performance.now() - stageStart, resources),
          }
        },
      }
      const request = { source: 'replay', config: loadConfig(config), progress, onNote: () => undefined }
      print('first pull, to typed tables', await timed(() => pullSource(store, request)), resources)
      print('the same again', await timed(() => pullSource(store, request)), resources)
      const rows = await store.session.all(
        `SELECT count(*)::INTEGER AS n, (SELECT count(*)::INTEGER FROM typed_observation) AS typed FROM resource_current`,
      )
      store.close()
      console.log(
        `${rows[0].n} current resources, ${rows[0].typed} of them typed Observations, peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
      )
      if (rows[0].n !== resources || rows[0].typed === 0) process.exitCode = 1
    } finally {
      server.kill()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(served, { recursive: true, force: true })
  }
}

async function downloadAlone(port, served, folder) {
  for (const name of readdirSync(served)) {
    const response = await new Promise((resolve) => get(`http://127.0.0.1:${port}/file/${name}`, resolve))
    await pipeline(response, createWriteStream(join(folder, name)))
    rmSync(join(folder, name))
  }
}

async function timed(work) {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

function print(name, ms, resources) {
  const rate = Math.round(resources / (ms / 1000)).toLocaleString('en-US')
  console.log(`${name.padEnd(32)} ${(ms / 1000).toFixed(1).padStart(7)} s  ${rate.padStart(10)} resources/s`)
}
