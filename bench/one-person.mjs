// How long the closures take for one person, all measures, as a card or an explanation asks for it, and whether memory stays flat:
//   node bench/one-person.mjs [evaluations=100000] [resources=40]
// An evaluation is one person and one measure. People are those of the bundled data with about so many resources.
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { setUp } from '../bin/setup.mjs'

setUp()
// Memory is told after what nobody holds is gone.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const { projectRoot, unwrap } = await import('../dist/base/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { recordFromResources } = await import('../dist/identity/index.js')
const { evaluateRecord, evaluatorOf } = await import('../dist/measure/index.js')

const evaluations = Number(process.argv[2] ?? 100_000)
const wanted = Number(process.argv[3] ?? 40)
const print = (name, text) => console.log(`${name.padEnd(34)} ${text}`)
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/** The resources of each patient of a source, as lines. What is about nobody is left out. */
function peopleOf(source) {
  const folder = join(projectRoot, 'datasets', 'demo', source)
  const people = new Map()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ndjson.gz')))
    for (const line of gunzipSync(readFileSync(join(folder, file)))
      .toString('utf8')
      .split('\n')
      .filter(Boolean)) {
      const resource = JSON.parse(line)
      const reference = (resource.subject ?? resource.patient ?? resource.beneficiary)?.reference
      const id = resource.resourceType === 'Patient' ? resource.id : reference?.split('/').at(-1)
      if (id !== undefined) people.set(id, [...(people.get(id) ?? []), line])
    }
  return [...people.values()].filter((lines) => lines.some((line) => line.includes('"resourceType":"Patient"')))
}

const people = ['lakeside', 'northgate', 'harbor']
  .flatMap(peopleOf)
  .sort((a, b) => Math.abs(a.length - wanted) - Math.abs(b.length - wanted))
  .slice(0, 50)
if (people.length === 0) throw new RangeError('the bundled data hold people')
const sizes = people.map((lines) => lines.length)
const { measures, valueSets } = await loadContent()
const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'America/Chicago' }
const ready = measures.map((measure) => ({
  measure,
  evaluator: unwrap(evaluatorOf(measure, valueSets, period, 'direct')),
}))
const record = (lines) =>
  unwrap(
    recordFromResources(
      'demo',
      lines.map((line) => JSON.parse(line)),
    ),
  )

print('machine', `${cpus().length} x ${cpus()[0].model}, Node ${process.version}`)
print(
  'people',
  `${people.length} of ${Math.min(...sizes)} to ${Math.max(...sizes)} resources, ${measures.length} measures`,
)

const rounds = Math.ceil(evaluations / measures.length / people.length)
const [parse, evaluate] = [[], []]
const perMeasure = new Map(measures.map(({ id }) => [id, 0]))
const memory = []
let spent = 0
for (let round = 0; round < rounds; round += 1) {
  // The first rounds make the closures warm.
  const counts = round >= Math.min(20, rounds / 2)
  for (const lines of people) {
    const from = performance.now()
    const person = record(lines)
    const parsed = performance.now()
    const cpu = process.cpuUsage()
    for (const { measure, evaluator } of ready) {
      const before = performance.now()
      await evaluateRecord(measure, evaluator, person)
      if (counts) perMeasure.set(measure.id, perMeasure.get(measure.id) + performance.now() - before)
    }
    if (!counts) continue
    const used = process.cpuUsage(cpu)
    spent += (used.user + used.system) / 1000
    parse.push(parsed - from)
    evaluate.push(performance.now() - parsed)
  }
  if (rounds < 10 || round % Math.floor(rounds / 10) === 0) {
    collect()
    const { heapUsed, rss } = process.memoryUsage()
    memory.push(`${Math.round(heapUsed / 2 ** 20)}/${Math.round(rss / 2 ** 20)}`)
  }
}
for (const times of [parse, evaluate]) times.sort((a, b) => a - b)
const timesOf = (times) => `p50 ${at(times, 0.5).toFixed(2)} ms, p95 ${at(times, 0.95).toFixed(2)} ms`
print('read a person (JSON to record)', timesOf(parse))
print('evaluate all measures', `${timesOf(evaluate)}; ${(spent / evaluate.length).toFixed(2)} CPU ms`)
for (const [id, total] of perMeasure) print(`  ${id}`, `${(total / evaluate.length).toFixed(2)} ms on average`)
print('evaluations', String(rounds * people.length * measures.length))
print('heap/RSS in MiB, first to last', memory.join(' '))
