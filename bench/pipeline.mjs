// The main job at size, by the commands themselves: node bench/pipeline.mjs [patients=20000] [seed=7]
// Wall and CPU seconds and peak memory of generate, ingest and evaluate, each a process of its own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, setUp } from '../bin/setup.mjs'

setUp()
const patients = process.argv[2] ?? '20000'
const seed = process.argv[3] ?? '7'
const folder = mkdtempSync(join(tmpdir(), 'caregap-pipeline-'))
const usageFile = join(folder, 'usage.json')
const preload = pathToFileURL(join(root, 'bench', 'peak-memory.mjs')).href
const demo = JSON.parse(readFileSync(join(root, 'datasets', 'demo', 'caregap.config.json'), 'utf8'))
const config = join(folder, 'caregap.config.json')
writeFileSync(config, JSON.stringify({ ...demo, roster: 'export/roster.csv' }))
const store = ['--db', join(folder, 'pipeline.duckdb'), '--config', config]

/** Runs one command; gives its JSON answer and what it cost. */
function measure(argumentList) {
  const begin = performance.now()
  const done = spawnSync(
    process.execPath,
    ['--import', preload, join(root, 'bin', 'caregap'), ...argumentList, '--json'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CAREGAP_USAGE_FILE: usageFile },
      maxBuffer: 1 << 28,
    },
  )
  if (done.status !== 0) throw new Error(`caregap ${argumentList[0]} ended with ${done.status}: ${done.stdout}`)
  return {
    answer: JSON.parse(done.stdout),
    wall: (performance.now() - begin) / 1000,
    ...JSON.parse(readFileSync(usageFile, 'utf8')),
  }
}

const generated = measure(['generate', '--patients', patients, '--seed', seed, '--out', join(folder, 'export')])
const loaded = measure(['ingest', join(folder, 'export'), ...store])
const evaluated = measure(['evaluate', '--all', '--period', '2026-01-01..2026-12-31', ...store])

const { resources } = generated.answer
const people = evaluated.answer.run.persons
const rows = [
  ['generate', generated, `${Math.round(resources / generated.wall)} resources/s`],
  ['ingest', loaded, `${Math.round(resources / loaded.wall)} resources/s`],
  [
    'evaluate',
    evaluated,
    `${(people / evaluated.wall).toFixed(0)} people/s, ${evaluated.answer.scorecard.length} measures`,
  ],
]
const gigabytes = (totalmem() / 2 ** 30).toFixed(0)
console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, ${gigabytes} GiB, Node ${process.versions.node}`)
console.log(
  `${patients} people (seed ${seed}): ${resources} resources, ${people} persons evaluated, ${evaluated.answer.run.personErrors} with an error`,
)
console.log('| step | wall s | CPU s | peak MiB | rate |\n|---|---|---|---|---|')
for (const [name, { wall, cpuSeconds, peakMiB }, rate] of rows) {
  console.log(`| ${name} | ${wall.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${peakMiB.toFixed(0)} | ${rate} |`)
}
console.log(`database ${(statSync(store[1]).size / 2 ** 20).toFixed(0)} MiB`)
rmSync(folder, { recursive: true, force: true })
