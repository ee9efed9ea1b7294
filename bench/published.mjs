// Published measures as a quality team has them: every package added to one store by `caregap package add`, the cases of
// all of them loaded, `caregap evaluate --all`, and the results beside what is expected, in one table:
//   node bench/published.mjs CONTENT [DATA=../shared/data]
// CONTENT has folders `cql` and `measure`; DATA has `ecqm` (dev-measures.txt, cases, expected, value sets) and `modelinfo`.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root, setUp } from '../bin/setup.mjs'
import { jsonLines, publishedBundles } from './published-bundle.mjs'

const [content, data = resolve(root, '..', 'shared', 'data')] = process.argv
  .slice(2)
  .filter((one) => !one.startsWith('--'))
if (content === undefined || !existsSync(join(content, 'measure')) || !existsSync(join(data, 'ecqm'))) {
  console.error('node bench/published.mjs CONTENT [DATA]: CONTENT has folders cql and measure, DATA ecqm and modelinfo')
  process.exit(2)
}
setUp()
const folder = mkdtempSync(join(tmpdir(), 'caregap-published-'))
const db = ['--db', join(folder, 'published.duckdb')]

/** One command as a user gives it; its standard output. Exit code 1 is "done, with faults that are listed". */
function caregap(...words) {
  const begin = performance.now()
  const done = spawnSync(process.execPath, [join(root, 'bin', 'caregap'), ...words, ...db], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.error(`${seconds.padStart(7)} s  caregap ${words.map((word) => word.replace(`${folder}/`, '')).join(' ')}`)
  // A run in which a measure was refused ends with 3: the table then says what that measure lacks.
  const isDone = done.status === 0 || done.status === 1 || (words[0] === 'evaluate' && done.status === 3)
  if (!isDone) throw new Error(`caregap ${words[0]} ended with ${done.status}:\n${done.stderr}`)
  if (done.status === 3) process.stderr.write(done.stderr)
  return done.stdout
}

const linesOf = (file) => jsonLines(join(data, 'ecqm', file))
const bundleOf = publishedBundles(content, data)

/** All cases in one folder, as one source sends them: the list of cases beside them is no data. */
function casesOf(measures) {
  const to = join(folder, 'cases')
  mkdirSync(to)
  for (const measure of measures) {
    const from = join(data, 'ecqm', 'cases', measure)
    for (const file of readdirSync(from).filter((name) => name !== 'cases.ndjson.gz')) {
      symlinkSync(join(from, file), join(to, `${measure}.${file}`))
    }
  }
  return to
}

const text = (values) => [...values].sort((a, b) => a - b).join(', ')
/** Published reports number the observations of an id: `MeasureObservation_1_1_2` is the second of its id. */
const observationId = (id) => id.replace(/_\d+$/, '')

/** Where the result lines of a patient differ from what is expected, one text for each place. */
function differences(lines, expected) {
  if (lines.length === 0) return ['no result']
  if (lines[0].error !== undefined) return [`error ${lines[0].error.code}: ${lines[0].error.message}`]
  const lineOf = (group) =>
    group === undefined && lines.length === 1 ? lines[0] : lines.find((line) => line.group === group)
  const usable = expected.filter(({ malformed, stratum }) => malformed !== true && stratum !== 'false')
  const counts = usable.flatMap(({ kind, group, stratifierId, code, count }) => {
    if (kind === 'observation') return []
    const line = lineOf(group)
    const got = (kind === 'population' ? line?.populations : line?.strata[stratifierId])?.[code]
    return got === count
      ? []
      : [`${[group, stratifierId, code].filter(Boolean).join(' ')}: expected ${count}, got ${got}`]
  })
  const observed = lines.flatMap((line) => {
    const own = usable.filter(({ kind, group }) => kind === 'observation' && (group ?? line.group) === line.group)
    const ids = new Set([...Object.keys(line.observations), ...own.map(({ id }) => observationId(id))])
    return [...ids].flatMap((id) => {
      const wanted = text(own.filter((one) => observationId(one.id) === id).map(({ value }) => value))
      const got = text(line.observations[id] ?? [])
      return wanted === got ? [] : [`${line.group} ${id}: expected [${wanted}], got [${got}]`]
    })
  })
  return [...counts, ...observed]
}

/** What is known to differ, and why: strata that contradict each other, and cases. */
const ledger = JSON.parse(readFileSync(join(root, 'test', 'package', 'official-ledger.json'), 'utf8'))
const isKnown = ({ measure, patientId, differing }) =>
  ledger.cases.some((one) => one.patientId === patientId && one.differences.join() === differing.join()) ||
  ledger.contradictoryStrata.some((one) => one.measure === measure && differing.every((text) => /Strat/.test(text)))

const listed = readFileSync(join(data, 'ecqm', 'dev-measures.txt'), 'utf8').split('\n')
const measures = listed.map((id) => id.trim()).filter((id) => existsSync(join(content, 'measure', `${id}.json`)))
const expected = linesOf('expected.ndjson.gz').filter(({ measure }) => measures.includes(measure))
const grouped = (items, keyOf) => {
  const groups = new Map()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** The cases of each measure that is expected for a period, and where the newest run says otherwise. */
function compare(own) {
  const lines = caregap('results', '--ndjson').split('\n').filter(Boolean)
  const results = grouped(
    lines.map((line) => JSON.parse(line)),
    ({ measure, patientId }) => `${measure} ${patientId}`,
  )
  return [...grouped(own, ({ measure }) => measure)].map(([measure, wanted]) => {
    const cases = [...grouped(wanted, ({ patientId }) => patientId)]
    const found = cases.flatMap(([patientId, ofCase]) => {
      const differing = differences(results.get(`${measure} ${patientId}`) ?? [], ofCase)
      return differing.length === 0 ? [] : [{ measure, patientId, differing }]
    })
    return { measure, cases: cases.length, found }
  })
}

/** Cases of these measures: all, those as expected, those that are known to differ, others. */
const columnsOf = (all) => {
  const found = all.flatMap((row) => row.found)
  const cases = all.reduce((sum, row) => sum + row.cases, 0)
  return [cases, cases - found.length, found.filter(isKnown).length, found.filter((one) => !isKnown(one)).length]
}

/** The table, then each case that is neither as expected nor known. */
function report(rows) {
  const width = Math.max(...measures.map((id) => id.length))
  const line = (name, ...cells) =>
    console.log(`${name.padEnd(width)} ${cells.map((one) => String(one).padStart(6)).join(' ')}`)
  line('measure', 'cases', 'agree', 'known', 'other')
  for (const row of rows.sort((a, b) => (a.measure < b.measure ? -1 : 1))) line(row.measure, ...columnsOf([row]))
  line('all', ...columnsOf(rows))
  const others = rows.flatMap((row) => row.found.filter((one) => !isKnown(one)))
  for (const { measure, patientId, differing } of others)
    console.log(`${measure} ${patientId}: ${differing.join('; ')}`)
  return others.length
}

try {
  caregap('package', 'add', join(data, 'modelinfo'))
  for (const measure of measures) {
    const file = join(folder, `${measure}.json`)
    writeFileSync(file, JSON.stringify(bundleOf(measure)))
    caregap('package', 'add', file)
  }
  caregap('ingest', casesOf(measures), '--source', 'cases')
  const rows = []
  // One run for each measurement period that is expected; every measure of the store takes part in each.
  for (const [period, own] of grouped(expected, ({ periodStart, periodEnd }) => `${periodStart}..${periodEnd}`)) {
    caregap('evaluate', '--all', '--period', period)
    rows.push(...compare(own))
  }
  process.exitCode = report(rows) === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
