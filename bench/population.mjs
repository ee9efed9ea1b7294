// Measures over a population, and what that costs:
//   node bench/population.mjs [people=100000] [--store FILE] [--only PART,...] [--chunk PERSONS]
// The five APP Plus measures by their published CQL where CAREGAP_PUBLISHED_CONTENT (folders `cql` and `measure`) and
// CAREGAP_TEST_DATA are given, else our own. Parts: growth, delta, many, peers, hand, direct (closures over everybody), copies
// (ten of each: as many rows in typed tables as ten times the people have).
// `--store FILE` keeps the people loaded for the next time. Every step is a process of its own.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { root, setUp } from '../bin/setup.mjs'

setUp()
const options = process.argv.slice(2)
const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined)
const people = Number(/^\d+$/.test(options[0] ?? '') ? options[0] : 100_000)
const parts = option('--only')?.split(',') ?? ['growth', 'delta', 'many', 'peers', 'hand']
const chunk = option('--chunk') === undefined ? {} : { chunk: Number(option('--chunk')) }
const folder = mkdtempSync(join(tmpdir(), 'caregap-population-'))
const file = option('--store') ?? join(folder, 'population.duckdb')

function step(name, input) {
  const script = join(root, 'bench', 'population', 'steps.mjs')
  const done = spawnSync(process.execPath, [script, name, JSON.stringify({ file, folder, ...chunk, ...input })], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  })
  if (done.status !== 0) throw new Error(`the step ${name} ended with ${done.status}`)
  return JSON.parse(done.stdout.trim().split('\n').at(-1))
}

const seconds = (value) => value.toFixed(1).padStart(7)
const print = (name, text) => console.log(`${name.padEnd(28)} ${text}`)
const sum = (values) => values.reduce((total, value) => total + value, 0)

try {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0)
  print(
    'machine',
    `${cpus().length} x ${cpus()[0]?.model.trim()}, ${gigabytes} GiB, Node ${process.versions.node}, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  )
  const loaded = step('load', { people: existsSync(file) ? 0 : people })
  const { measures: all, five } = loaded
  print(
    'content',
    `${five.length} of ${all.length} measures${loaded.refused.length > 0 ? `, refused: ${loaded.refused.join(', ')}` : ''}`,
  )
  const prepared = step('prepare', { measures: five })
  print('typed tables and plans', `${seconds(prepared.wall)} s, ${seconds(prepared.cpu)} CPU s`)
  print('compile, warm', prepared.compiled.map(({ id, wall }) => `${id} ${wall.toFixed(2)} s`).join(', '))

  const whole = evaluated('all people', { measures: five })
  if (parts.includes('growth'))
    for (const share of [0.25, 0.5]) evaluated(`${share * 100} % of the people`, { measures: five, share })
  if (parts.includes('copies')) {
    const copies = join(folder, 'copies.duckdb')
    const made = step('copies', { from: file, file: copies, times: 10 })
    print('ten copies of everybody', `${seconds(made.wall)} s, ${(statSync(copies).size / 2 ** 30).toFixed(1)} GiB`)
    evaluated('ten times as many', { measures: five, file: copies })
  }
  if (parts.includes('delta')) {
    const delta = evaluated('every hundredth person', { measures: five, every: 100 })
    printShare(whole, delta, delta.planned)
    // So few a run leaves to closures: nothing is planned.
    const few = step('closures', { measures: five, every: 100 })
    print(
      'the same by closures',
      `${few.persons} people: ${seconds(few.wall)} s, ${seconds(few.cpu)} CPU s, peak ${few.peakMiB.toFixed(0)} MiB; making ready ${seconds(few.prepared.wall)} s`,
    )
    print('', `${few.inPopulation} in an initial population; with a fault ${few.errors}`)
    printShare(whole, few, few.prepared)
  }
  if (parts.includes('many')) {
    const { runs } = step('evaluate', { measures: all, apart: true })
    const alone = runs.map(({ cpu, planned }) => cpu + planned.cpu)
    for (const count of [1, 2, 5, 10, all.length].filter(
      (one, index, of) => one <= all.length && of.indexOf(one) === index,
    )) {
      const together = step('evaluate', { measures: all.slice(0, count) }).runs[0]
      const cost = together.cpu + together.planned.cpu
      const single = sum(alone.slice(0, count))
      print(
        `${count} measures together`,
        `${seconds(cost)} CPU s, ${(cost / single).toFixed(2)} of ${seconds(single)} one by one`,
      )
    }
  }
  if (parts.includes('peers')) {
    const compared = step('peers', { measures: five, people: 500 })
    const engine = (1000 * whole.cpu) / (whole.persons * five.length)
    const each = (key) => sum(compared.rows.map((row) => row[key])) / (compared.people * compared.rows.length)
    print(
      'cql-execution',
      `${each('peer').toFixed(1)} CPU ms a person and measure (${compared.people} people, ${sum(compared.rows.map((row) => row.thrown))} defines thrown)`,
    )
    if (compared.fqm !== undefined) {
      const rows = Object.values(compared.fqm)
      const cpu = sum(rows.map((row) => row.cpu)) / sum(rows.map(({ persons }) => persons))
      print(
        'fqm-execution',
        `${cpu.toFixed(1)} CPU ms a person and measure (${sum(rows.map(({ inPopulation }) => inPopulation))} in an initial population, ${sum(rows.map(({ thrown }) => thrown))} evaluations thrown): ${(cpu / engine).toFixed(0)} times as much as SQL`,
      )
    }
    print('closures', `${each('closures').toFixed(3)} CPU ms a person and measure`)
    print(
      'SQL',
      `${engine.toFixed(4)} CPU ms a person and measure: cql-execution takes ${(each('peer') / engine).toFixed(0)} times as much`,
    )
  }
  if (parts.includes('hand')) {
    const hand = step('hand', { measures: five })
    if (hand !== null && hand !== undefined)
      print(
        'written by hand',
        `${hand.handCpu.toFixed(2)} CPU s; compiled ${hand.oursCpu.toFixed(2)}: ${(hand.oursCpu / hand.handCpu).toFixed(1)} times; ${hand.different} of ${hand.persons} people differ ${JSON.stringify(hand.kinds)}`,
      )
  }
  if (parts.includes('direct')) {
    const compared = step('direct', { measures: five })
    print(
      'closures beside SQL',
      `${compared.persons} people, ${compared.bySql} evaluations, ${compared.values} values: ${compared.different} evaluations differ`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function shareOf(part, of) {
  return `${((100 * part) / of).toFixed(1)} %`
}

/** What some took of what all took, with and without what came before the first person. */
function printShare(whole, some, before) {
  const rate = (key) => shareOf(some[key] + before[key], whole[key] + whole.planned[key])
  print(
    '',
    `${rate('wall')} of the time and ${rate('cpu')} of the CPU of all, planning included; ${shareOf(some.wall, whole.wall)} and ${shareOf(some.cpu, whole.cpu)} without`,
  )
}

function evaluated(name, input) {
  const { runs, peakMiB } = step('evaluate', input)
  const [run] = runs
  print(
    name,
    `${run.persons} people: ${seconds(run.wall)} s, ${seconds(run.cpu)} CPU s, peak ${peakMiB.toFixed(0)} MiB; planning ${seconds(run.planned.wall)} s`,
  )
  print(
    '',
    `${run.inPopulation} in an initial population; irregular ${run.irregular}, with a fault ${run.errors} of ${run.results} (${((100 * run.irregular) / run.results).toFixed(2)} % by closures)`,
  )
  for (const [id, reasons] of Object.entries(run.closures)) {
    const left = Object.entries(reasons).toSorted((a, b) => b[1] - a[1])
    const told = left.map(([reason, persons]) => `${persons} for ${reason}`).join(', ')
    const all = left.reduce((total, [, persons]) => total + persons, 0)
    print('', `${id}: left to closures ${all} of ${run.persons} (${((100 * all) / run.persons).toFixed(2)} %): ${told}`)
  }
  for (const why of [...run.refused, ...run.unsayable]) print('', `not by SQL: ${why}`)
  return run
}
