// The steps of bench/population.mjs, each a process of its own so that its peak memory is its own:
//   node bench/population/steps.mjs STEP '{"file": "...", ...}'   prints one line of JSON.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

const { defaultConfig, silentProgress, unwrap } = await import('../../dist/base/index.js')
const { readMergedPatients, streamPersonRecords } = await import('../../dist/identity/index.js')
const { loadData } = await import('../../dist/jobs/index.js')
const { rowsOf } = await import('../../dist/jobs/result-rows.js')
const { storeResultsOf } = await import('../../dist/jobs/run-kinds.js')
const { dropSharedTables, makeSharedTables } = await import('../../dist/compile/index.js')
const { prepareSetMeasures } = await import('../../dist/jobs/set-measures.js')
const { evaluateRecord, evaluatorOf } = await import('../../dist/measure/index.js')
const { deriveTyped, fewPersons, inOneThread, openRun, openSlices, openStore, storeResults } = await import(
  '../../dist/store/index.js'
)
const { generateExport } = await import('../../dist/synth/index.js')
const { installContent } = await import('./content.mjs')
const { makeCopies } = await import('./copies.mjs')
const { comparePeers } = await import('./peers.mjs')
const { compareByHand } = await import('./by-hand.mjs')

export const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'America/Chicago' }
const personsPerChunk = 50_000
/** So many results are stored in one transaction. */
const personsPerWrite = 20_000

/** What work cost: wall and CPU seconds of this process. */
async function timed(work) {
  const [begin, cpu] = [performance.now(), process.cpuUsage()]
  const value = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { value, wall: (performance.now() - begin) / 1000, cpu: (user + system) / 1e6 }
}

const steps = {
  /** People generated and loaded, and content installed. */
  async load({ file, people, folder }) {
    const out = join(folder, 'export')
    const made = people === 0 ? { resources: 0 } : await generateExport({ patients: people, seed: 7, out })
    const store = await openStore({ path: file })
    try {
      const config = { ...defaultConfig, identity: { identifierSystems: ['urn:oid:2.16.840.1.113883.19.5.100'] } }
      if (people > 0) await loadData(store, { path: out, config, progress: silentProgress })
      const { content, isOfFive } = await installContent(store)
      const names = content.measures.map(({ id }) => id)
      const refused = content.refused.map(({ id }) => id)
      return {
        resources: made.resources,
        measures: names,
        five: content.measures.filter(isOfFive).map(({ id }) => id),
        refused,
      }
    } finally {
      store.close()
    }
  },

  /** Typed tables for what the measures read, and the time to compile each once that is there. */
  async prepare({ file, measures }) {
    return withContent(file, measures, async ({ store, chosen, content }) => {
      await deriveTyped(store.session)
      const derived = await timed(() => prepareSetMeasures(store.session, chosen, content.valueSets, period))
      const compiled = []
      for (const measure of chosen) {
        const { wall } = await timed(() => prepareSetMeasures(store.session, [measure], content.valueSets, period))
        compiled.push({ id: measure.id, wall })
      }
      return { wall: derived.wall, cpu: derived.cpu, compiled }
    })
  },

  /** Everybody up to a share of them, or every so manieth: the measures together or, with `apart`, one after the other. */
  async evaluate({ file, measures, share = 1, every, apart = false, chunk = personsPerChunk }) {
    return withContent(file, measures, async ({ store, chosen, content }) => {
      const session = await store.database.connect()
      const { persons } = await session.first('SELECT count(*)::INTEGER AS persons FROM population')
      const runs = []
      for (const group of apart ? chosen.map((one) => [one]) : [chosen]) {
        const planned = await timed(() => prepareSetMeasures(session, group, content.valueSets, period))
        const evaluate = () => evaluateAll({ store, session, sets: planned.value, share, every, chunk })
        const isFew = every !== undefined && persons / every <= fewPersons
        const done = await timed(() => (isFew ? inOneThread(session, evaluate) : evaluate()))
        runs.push({ planned: { wall: planned.wall, cpu: planned.cpu }, wall: done.wall, cpu: done.cpu, ...done.value })
      }
      session.close()
      return { runs, peakMiB: process.resourceUsage().maxRSS / 1024 }
    })
  },

  /** Every so manieth person by closures, as a run after a refresh evaluates few: records read, results stored. */
  async closures({ file, measures, every }) {
    return withContent(file, measures, async ({ store, chosen, content }) => {
      const session = await store.database.connect()
      const ready = await timed(() =>
        chosen.map((measure) => ({
          measure,
          evaluator: unwrap(evaluatorOf(measure, content.valueSets, period, 'direct')),
        })),
      )
      const pids = await everyPid(session, every)
      const done = await timed(() =>
        inOneThread(session, () => evaluateEach({ store, session, pids, ready: ready.value })),
      )
      session.close()
      const [{ wall, cpu }, prepared] = [done, { wall: ready.wall, cpu: ready.cpu }]
      return { wall, cpu, prepared, ...done.value, peakMiB: process.resourceUsage().maxRSS / 1024 }
    })
  },

  /** Closures over the raw records of everybody beside SQL: letters, populations and evidence must be the same. */
  async direct({ file, measures }) {
    return withContent(file, measures, async ({ store, chosen, content }) => {
      const session = await store.database.connect()
      const sets = await prepareSetMeasures(session, chosen, content.valueSets, period)
      const slices = await openSlices(session, readMergedPatients, sets.tables)
      const counts = { persons: 0, values: 0, different: 0, bySql: 0 }
      const evaluators = new Map(
        chosen.map((measure) => [measure.id, unwrap(evaluatorOf(measure, content.valueSets, period, 'direct'))]),
      )
      for (const chunk of await slices.chunks(5000)) {
        await slices.cut(chunk)
        await makeSharedTables(session, sets.shared)
        const found = new Map()
        for (const { measure, evaluator, irregular } of sets.ready) {
          await session.run('BEGIN TRANSACTION')
          for await (const answers of evaluator.evaluate(session))
            for (const answer of answers)
              if (answer.irregular === undefined && !irregular.has(answer.pid) && answer.evaluation.error === undefined)
                found.set(`${measure.id} ${answer.pid}`, answer.evaluation)
          await session.run('ROLLBACK')
        }
        for await (const record of streamPersonRecords(store.session, chunk)) {
          counts.persons += 1
          for (const measure of chosen) {
            const own = await evaluateRecord(measure, evaluators.get(measure.id), record)
            const bySql = found.get(`${measure.id} ${record.pid}`)
            if (bySql === undefined) continue
            counts.bySql += 1
            counts.values += own.defines.length
            if (JSON.stringify(comparable(own)) !== JSON.stringify(comparable(bySql))) counts.different += 1
          }
        }
      }
      session.close()
      return counts
    })
  },

  /** The people of a store so many times, in a file of their own. */
  async copies({ file, from, times }) {
    copyFileSync(from, file)
    const store = await openStore({ path: file })
    try {
      return { ...(await timed(() => makeCopies(store.session, times))), value: undefined }
    } finally {
      store.close()
    }
  },

  peers: ({ file, measures, people, folder }) =>
    withContent(file, measures, ({ store, chosen, content }) =>
      comparePeers({ store, chosen, content, people, period, folder }),
    ),

  hand: ({ file, measures }) =>
    withContent(file, measures, ({ store, chosen, content }) =>
      compareByHand({ store, chosen, content, period, timed }),
    ),
}

const comparable = ({ defines, groups, evidence, dueDate, error }) => [defines, groups, evidence, dueDate, error?.code]

async function withContent(file, wanted, work) {
  const store = await openStore({ path: file })
  try {
    const { content } = await installContent(store)
    const chosen = content.measures.filter(({ id }) => wanted.includes(id))
    return await work({ store, content, chosen })
  } finally {
    store.close()
  }
}

/** Populations, membership and letters of everybody, evidence of the initial population: evaluated and stored. */
async function evaluateAll({ store, session, sets, share, every, chunk: personsOfChunk }) {
  const slices = await openSlices(session, readMergedPatients, sets.tables)
  const writing = await store.database.connect()
  const runId = await openRun(writing, stamp(), [], new Date(0))
  const chunks =
    every === undefined ? await upTo(slices, personsOfChunk, share) : [{ pids: await everyPid(session, every) }]
  const counts = { persons: 0, results: 0, inPopulation: 0, irregular: 0, errors: 0, refused: [], closures: {} }
  for (const chunk of chunks) {
    counts.persons += await slices.cut(chunk)
    for (const [table, thrown] of await makeSharedTables(session, sets.shared)) {
      const reading = sets.ready.filter(({ evaluator }) => evaluator.program.shared.has(table))
      counts.refused.push(...reading.map(({ measure }) => measure.id))
      console.error(table, thrown)
    }
    for (const set of sets.ready) {
      if (counts.refused.includes(set.measure.id)) continue
      await session.run('BEGIN TRANSACTION')
      try {
        await storeAlike({ session, runId, set, counts })
        await storeOwn({ session, writing, runId, set, counts })
        await set.evaluator.alike.drop(session)
        await session.run('COMMIT')
      } catch (thrown) {
        await session.run('ROLLBACK').catch(() => undefined)
        counts.refused.push(`${set.measure.id}: ${String(thrown.message).split('\n')[0].slice(0, 160)}`)
      }
    }
    await dropSharedTables(session, sets.shared)
  }
  await dropRun(writing, runId)
  return { ...counts, unsayable: sets.unsayable.map(({ measure }) => measure.id) }
}

/** Persons one after the other by closures, all measures of each. */
async function evaluateEach({ store, session, pids, ready }) {
  const writing = await store.database.connect()
  const runId = await openRun(writing, stamp(), [], new Date(0))
  const counts = { persons: 0, inPopulation: 0, errors: 0 }
  let waiting = []
  const flush = async () => {
    await storeResults(writing, runId, rowsOf(waiting))
    waiting = []
  }
  for await (const record of streamPersonRecords(session, { pids })) {
    const answers = []
    for (const { measure, evaluator } of ready) {
      const evaluation = await evaluateRecord(measure, evaluator, record)
      answers.push({ evaluation, gaps: [] })
      if (evaluation.error !== undefined) counts.errors += 1
      if (evaluation.groups.some(({ populations }) => populations['initial-population'] > 0)) counts.inPopulation += 1
    }
    counts.persons += 1
    waiting.push({ pid: record.pid, answers })
    if (waiting.length >= 512) await flush()
  }
  await flush()
  await dropRun(writing, runId)
  return counts
}

async function dropRun(writing, runId) {
  await writing.run('DELETE FROM person_result WHERE run_id = $runId', { runId })
  await writing.run('DELETE FROM person_error WHERE run_id = $runId', { runId })
  writing.close()
}

/** Persons one by one who have episodes that are counted. */
async function storeOwn({ session, writing, runId, set, counts }) {
  let rows = []
  for await (const answers of set.evaluator.alike.own(session)) {
    for (const { pid, irregular, evaluation } of answers) {
      counts.results += 1
      const why = set.irregular.get(pid) ?? irregular
      if (why !== undefined) leave(counts, set, why)
      else if (evaluation.error !== undefined) counts.errors += 1
      if (evaluation.groups.some(({ populations }) => populations['initial-population'] > 0)) counts.inPopulation += 1
      rows.push({ pid, answers: [{ evaluation, gaps: [] }] })
    }
    if (rows.length < personsPerWrite) continue
    await storeResults(writing, runId, rowsOf(rows))
    rows = []
  }
  await storeResults(writing, runId, rowsOf(rows))
}

/** Counts a person whom a measure leaves to closures, by the reason. */
function leave(counts, { measure }, why) {
  counts.irregular += 1
  counts.closures[measure.id] ??= {}
  counts.closures[measure.id][why] = (counts.closures[measure.id][why] ?? 0) + 1
}

/** Persons who are alike at once, as a run stores them; whom columns cannot represent is left to closures there. */
async function storeAlike({ session, runId, set, counts }) {
  const { alike } = set.evaluator
  const kinds = await alike.make(session)
  const persons = new Map(
    (await session.all('SELECT kind, count(*)::INTEGER AS n FROM set_answer GROUP BY kind')).map(({ kind, n }) => [
      kind,
      n,
    ]),
  )
  const sum = (wanted) => kinds.filter(wanted).reduce((total, { kind }) => total + (persons.get(kind) ?? 0), 0)
  const { odd } = await storeResultsOf({ session, runId, alike, irregular: set.irregular }, kinds)
  counts.results += sum(() => true)
  counts.inPopulation += sum(({ concerned }) => concerned)
  for (const why of odd.values()) leave(counts, set, why)
  counts.errors += sum(({ irregular, evaluation }) => irregular === undefined && evaluation.error !== undefined)
}

const stamp = () => ({
  engine: 'sql',
  engineVersion: 'bench',
  periodStart: period.start,
  periodEnd: period.end,
  timeZone: period.timeZone,
  dataSnapshot: 'bench',
})

async function upTo(slices, personsOfChunk, share) {
  const chunks = await slices.chunks(personsOfChunk)
  const most = Math.round(chunks.reduce((sum, { persons }) => sum + persons, 0) * share)
  const wanted = []
  let persons = 0
  for (const chunk of chunks) {
    if (persons >= most) break
    wanted.push(chunk)
    persons += chunk.persons
  }
  return wanted
}

async function everyPid(session, every) {
  const rows = await session.all(
    `SELECT pid FROM (SELECT pid, row_number() OVER (ORDER BY pid) AS n FROM population) WHERE n % ${every} = 0 ORDER BY pid`,
  )
  return rows.map(({ pid }) => pid)
}

const [name, input] = process.argv.slice(2)
console.log(JSON.stringify((await steps[name](JSON.parse(input))) ?? null))
