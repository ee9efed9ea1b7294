import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  changeWork,
  ensureWorklist,
  everybody,
  readWorklist,
  type Store,
  type WorklistCursor,
  type WorklistFilter,
  type WorklistSort,
} from '../../src/store/index.ts'
import { openSeededStore } from './seeded-store.ts'

const today = '2025-11-22'
let store: Store

beforeAll(async () => {
  store = await openSeededStore()
  await ensureWorklist(store.session, 1, today)
})
afterAll(() => store.close())

interface GapRow {
  readonly pid: number
  readonly measure: string
  readonly status: string
  readonly due: string | null
  readonly snoozed: string | null
  readonly assigned: string | null
  readonly name: string | null
  readonly birth: string | null
  readonly practice: string | null
  readonly out: boolean
  readonly contact: boolean
}

/** Every gap with its person, read plainly: what the list is checked against. */
const plainGaps = () =>
  store.session.all<GapRow>(`SELECT g.pid, g.measure_id AS measure, g.status, g.due_date AS due, g.snoozed_until AS snoozed,
    g.assigned_to AS assigned, lower(p.name) AS name, p.birth_date AS birth, w.practice, p.deceased AS out,
    NOT EXISTS (SELECT 1 FROM gap_work k JOIN source_patient s USING (spid) WHERE s.pid = g.pid AND k.no_contact) AS contact
    FROM worklist_gap g JOIN person p USING (pid) JOIN worklist_person w USING (pid)`)

const high = '\uffff'
const sortKeys: Readonly<Record<WorklistSort, (gaps: readonly GapRow[]) => string | number>> = {
  due: (gaps) => gaps.map(({ due }) => due ?? high).sort()[0] ?? high,
  name: ([gap]) => gap?.name ?? high,
  age: ([gap]) => gap?.birth ?? high,
  practice: ([gap]) => gap?.practice ?? high,
  gaps: (gaps) => -gaps.length,
}

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)

function expected(gaps: readonly GapRow[], filter: WorklistFilter): number[] {
  const byPid = new Map<number, GapRow[]>()
  for (const gap of gaps) {
    const kept =
      filter.statuses.includes(gap.status) &&
      (filter.everybody || (!gap.out && gap.contact)) &&
      (filter.snoozed || gap.snoozed === null || gap.snoozed <= today) &&
      (filter.measure === undefined || gap.measure === filter.measure) &&
      (filter.assigned === undefined || gap.assigned === filter.assigned)
    if (kept) byPid.set(gap.pid, [...(byPid.get(gap.pid) ?? []), gap])
  }
  const keyOf = sortKeys[filter.sort]
  return [...byPid]
    .map(([pid, own]) => ({ pid, key: keyOf(own) }))
    .sort((a, b) => compare(a.key, b.key) || a.pid - b.pid)
    .map(({ pid }) => pid)
}

async function pagesOf(filter: WorklistFilter): Promise<{ readonly pids: number[]; readonly totals: Set<number> }> {
  const pids: number[] = []
  const totals = new Set<number>()
  let after: WorklistCursor | undefined
  do {
    const page = await readWorklist(store.session, filter, { limit: 61, ...(after === undefined ? {} : { after }) })
    pids.push(...page.rows.map(({ pid }) => pid))
    totals.add(page.total)
    after = page.next
  } while (after !== undefined)
  return { pids, totals }
}

test('every order and filter, before and after work, gives the pages that the plain rows give', async () => {
  const sorts: readonly WorklistSort[] = ['due', 'name', 'age', 'practice', 'gaps']
  const kinds: readonly Partial<WorklistFilter>[] = [
    { statuses: ['open'] },
    { statuses: ['open', 'closed', 'excluded', 'awaiting-data'], everybody: true },
    { statuses: ['open', 'closed'], snoozed: true },
    { statuses: ['open', 'closed'], measure: 'blood-pressure' },
    { statuses: ['open', 'awaiting-data'], assigned: 'maria' },
    { statuses: ['not-applicable'] },
  ]
  const by = { userId: 'test', now: new Date('2025-11-22T10:00:00Z') }
  const open = (await plainGaps()).filter(({ status }) => status === 'open')
  const refs = open
    .slice(0, 60)
    .map(({ pid, measure }) => ({ pid, measureId: measure, groupId: 'group-1', version: 0 }))
  const works = [
    async () => undefined,
    () => changeWork(store.session, refs.slice(0, 20), { action: 'snooze', set: { snoozedUntil: '2025-12-22' } }, by),
    () => changeWork(store.session, refs.slice(20, 40), { action: 'assign', set: { assignedTo: 'maria' } }, by),
    () => changeWork(store.session, refs.slice(40, 50), { action: 'no-contact', set: { noContact: true } }, by),
    () =>
      changeWork(
        store.session,
        refs.slice(50),
        { action: 'claim', set: { claim: 'done', claimUntil: '2025-12-22' } },
        by,
      ),
  ]
  for (const work of works) {
    await work()
    const gaps = await plainGaps()
    for (const sort of sorts) {
      for (const kind of kinds) {
        const filter = { today, statuses: [], everybody: false, snoozed: false, sort, visible: everybody, ...kind }
        const wanted = expected(gaps, filter)
        const { pids, totals } = await pagesOf(filter)
        expect([sort, kind, pids]).toEqual([sort, kind, wanted])
        expect([...totals]).toEqual([wanted.length])
      }
    }
  }
})

test('a page goes on after its cursor also where the cursor’s person has left the list', async () => {
  const filter: WorklistFilter = {
    today,
    statuses: ['open'],
    everybody: false,
    snoozed: false,
    sort: 'name',
    visible: everybody,
  }
  const first = await readWorklist(store.session, filter, { limit: 10 })
  const next = await readWorklist(store.session, filter, { limit: 10, ...(first.next && { after: first.next }) })
  const last = first.rows.at(-1)
  const gone =
    last?.gaps.map(({ measureId, groupId, version }) => ({ pid: last.pid, measureId, groupId, version })) ?? []
  await changeWork(
    store.session,
    gone,
    { action: 'snooze', set: { snoozedUntil: '2026-03-01' } },
    { userId: 'test', now: new Date('2025-11-22T11:00:00Z') },
  )
  const again = await readWorklist(store.session, filter, { limit: 10, ...(first.next && { after: first.next }) })
  expect(again.rows.map(({ pid }) => pid)).toEqual(next.rows.map(({ pid }) => pid))
  const beyond = await readWorklist(store.session, filter, { limit: 10, after: { key: 2_000_000_000, pid: 1 } })
  expect([beyond.rows, beyond.total]).toEqual([[], again.total])
})
