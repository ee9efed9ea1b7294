#!/usr/bin/env node
// Page times of the worklist over made gaps: node bench/worklist.mjs [GAPS]. Rows are made by the database; nothing is
// evaluated. Prints the median and the slowest of 15 calls for each kind of page, and the median CPU time of all threads
// (on a busy machine that is the figure that counts).
import { setUp } from '../bin/setup.mjs'

setUp()
const { changeWork, ensureWorklist, everybody, openStore, readWorklist } = await import('../dist/store/index.js')

const gaps = Number(process.argv[2] ?? 1_000_000)
const perPerson = 4
const people = Math.round(gaps / perPerson)
const store = await openStore({ path: ':memory:' })
const { session } = store
const day = `strftime(DATE '2026-01-01' + CAST(hash(i, 7) % 365 AS INTEGER), '%Y-%m-%d')`
await session.run(`INSERT INTO source VALUES (1, 'made', 'UTC', NULL, now()::TIMESTAMP)`)
await session.run(
  `INSERT INTO person SELECT i, strftime(DATE '1930-01-01' + CAST(hash(i) % 30000 AS INTEGER), '%Y-%m-%d'),
     CASE WHEN i % 2 = 0 THEN 'female' ELSE 'male' END, hash(i, 3) % 40 = 0, 'Name' || (hash(i, 1) % 50000) || ' Given' || i, 1
   FROM range(1, ${people + 1}) t(i)`,
)
await session.run(
  `INSERT INTO attribution SELECT i, '1' || lpad((hash(i, 4) % 400)::VARCHAR, 9, '0'), 'Provider ' || (hash(i, 4) % 400),
     lpad((hash(i, 5) % 40)::VARCHAR, 9, '0'), 'Practice ' || (hash(i, 5) % 40), 1, 3, ${day} FROM range(1, ${people + 1}) t(i)`,
)
await session.run(
  `INSERT INTO gap SELECT 1, 'measure-' || m, 'group-1', i,
     ['open', 'open', 'closed', 'prospective', 'excluded', 'ordered'][1 + (hash(i, m) % 6)::INTEGER], 'no-qualifying-result',
     'Open: made.', '[]', NULL, ${day.replace('hash(i, 7)', 'hash(i, m, 7)')}
   FROM range(1, ${people + 1}) t(i), range(0, ${perPerson}) u(m)`,
)
await session.run(`INSERT INTO source_patient SELECT i, 1, 'p' || i, i FROM range(1, ${people + 1}) t(i)`)
await session.run(
  `INSERT INTO gap_work SELECT i, 'measure-1', 'group-1', 'user' || (i % 9), NULL, NULL, NULL, FALSE, 1
   FROM range(1, ${Math.round(people / 20)}) t(i)`,
)
const started = performance.now()
await ensureWorklist(session, 1, '2026-06-30')
console.log(
  `${gaps} gaps of ${people} people; derived tables made in ${((performance.now() - started) / 1000).toFixed(1)} s`,
)

const base = {
  today: '2026-06-30',
  statuses: ['open'],
  everybody: false,
  snoozed: false,
  sort: 'due',
  visible: everybody,
}
const practices = { practices: Array.from({ length: 5 }, (_, index) => String(index).padStart(9, '0')) }
const last = (await readWorklist(session, base, { limit: 50 })).next
const kinds = {
  'first page': [base, {}],
  'next page': [base, { after: last }],
  'by name': [{ ...base, sort: 'name' }, {}],
  'one measure, one practice': [{ ...base, measure: 'measure-1', practice: 'Practice 7' }, {}],
  'part of a name': [{ ...base, text: 'name77' }, {}],
  'assigned to one user': [{ ...base, assigned: 'user3' }, {}],
  'every status, most gaps first': [
    { ...base, statuses: ['open', 'ordered', 'prospective', 'awaiting-data', 'closed'], sort: 'gaps' },
    {},
  ],
  'a user of five practices': [{ ...base, visible: practices }, {}],
}
const at = (values, index) => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[index].toFixed(0).padStart(4)
}

async function measure(name, turns, call) {
  const times = []
  const cpu = []
  for (let turn = 0; turn < turns; turn += 1) {
    const before = performance.now()
    const cpuBefore = process.cpuUsage()
    await call(turn)
    times.push(performance.now() - before)
    const { user, system } = process.cpuUsage(cpuBefore)
    cpu.push((user + system) / 1000)
  }
  const middle = Math.floor(turns / 2)
  console.log(
    `${name.padEnd(32)} median ${at(times, middle)} ms   slowest ${at(times, turns - 1)} ms   CPU ${at(cpu, middle)} ms`,
  )
}

for (const [name, [filter, page]] of Object.entries(kinds)) {
  await measure(name, 15, () => readWorklist(session, filter, { limit: 50, ...page }))
}
await measure('assign 100 gaps', 5, (turn) =>
  changeWork(
    session,
    Array.from({ length: 100 }, (_, index) => ({
      pid: 100_000 + 997 * index + turn,
      measureId: 'measure-2',
      groupId: 'group-1',
      version: 0,
    })),
    { action: 'assign', set: { assignedTo: 'user1' } },
    { userId: 'bench', now: new Date() },
  ),
)
store.close()
