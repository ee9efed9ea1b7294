import type { Session } from '../duck/index.ts'
import { readManyLines } from './many-lines.ts'
import {
  chunkRows,
  dropShredded,
  nextOf,
  type Plan,
  remember,
  rowsOf,
  shredAhead,
  tableOf,
  type Work,
  write,
} from './typed-chunks.ts'
import { learn, lookUpLines, type Shredded, type TypedTable } from './typed-table.ts'

/** Of few changes so many rows of all types stand shredded at once. */
const fewRows = 61_440

/**
 * All changed rows of all tables: as a rule few, so each step is done once for all. Many in parts that memory holds, and those
 * of one table are written while the next ones are shredded.
 */
export async function changeRows(work: Work, shredder: Session, plans: readonly Plan[]): Promise<void> {
  const changed = plans.filter(({ how }) => how === 'changed rows')
  if (changed.length === 0) return
  const rows = rowsOf(changed)
  const isMany = rows >= (await readManyLines(work.session))
  const parts = Math.max(1, Math.ceil(rows / (isMany ? chunkRows : fewRows)))
  const other = await shredder.sibling()
  try {
    for (let part = 0; part < parts; part++) {
      const which = { condition: parts === 1 ? 'true' : `rid % ${parts} = ${part}`, isLast: part === parts - 1 }
      if (isMany) await changeMany(work, shredder, changed, which)
      else await changeFew(work, [shredder, other], changed, which)
    }
  } finally {
    other.close()
    await dropShredded(shredder)
  }
}

/** Changed rows of all tables that are written before others. */
interface ChangedPart {
  /** On `rid`. */
  readonly condition: string
  /** A table is remembered as done with its last part: where a process is stopped before, all parts are written again. */
  readonly isLast: boolean
}

const changedRids = (condition: string): string => `SELECT rid FROM scratch.typed_change WHERE ${condition}`

const changedRidsOf = ({ type }: TypedTable, condition: string): string =>
  changedRids(`${condition} AND type = '${type}'`)

/** Half of the tables is shredded and written beside the other half. */
async function changeFew(
  work: Work,
  sessions: readonly Session[],
  changed: readonly Plan[],
  part: ChangedPart,
): Promise<void> {
  // Not by two where the lines are still to be looked up: each would go through the keys of all lines.
  const [first] = sessions
  const shares =
    first === undefined || work.isRecent ? sharesOf(changed, sessions) : [{ session: first, plans: changed }]
  const shredded = new Map<Plan, Shredded>()
  await all(shares.map((share) => shredFew(work, share, changed, part, shredded)))
  // Concepts are numbered in the order of the tables, and whoever writes is to see them.
  await work.session.transaction(() =>
    learn(
      work.session,
      work.dictionary,
      changed.flatMap((plan) => shredded.get(plan) ?? []),
    ),
  )
  await all(shares.map((share) => writeFew(work, share, part, shredded)))
}

/** Some of the tables, and the session that they are changed by. */
interface Share {
  readonly session: Session
  readonly plans: readonly Plan[]
}

/** About as many rows for each: the next largest table goes to whoever has fewer. */
function sharesOf(changed: readonly Plan[], sessions: readonly Session[]): Share[] {
  const shares = sessions.map((session) => ({ session, plans: [] as Plan[] }))
  for (const plan of changed.toSorted((a, b) => b.rows - a.rows)) {
    const least = shares.reduce((one, other) => (rowsOf(other.plans) < rowsOf(one.plans) ? other : one))
    least.plans.push(plan)
  }
  return shares.filter(({ plans }) => plans.length > 0)
}

/** Waits for all of the work, whatever becomes of it. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}

function shredFew(
  work: Work,
  { session, plans }: Share,
  changed: readonly Plan[],
  { condition }: ChangedPart,
  shredded: Map<Plan, Shredded>,
): Promise<void> {
  const types = plans.map(({ table }) => `'${table.type}'`).join(', ')
  return session.transaction(async () => {
    await lookUpLines(session, `c.rid IN (${changedRids(`${condition} AND type IN (${types})`)})`, work.isRecent)
    for (const plan of plans) {
      const into = tableOf(`few_${changed.indexOf(plan)}`)
      shredded.set(plan, await plan.table.shred(session, into, { kind: 'looked up' }))
    }
  })
}

function writeFew(
  work: Work,
  { session, plans }: Share,
  { condition, isLast }: ChangedPart,
  shredded: ReadonlyMap<Plan, Shredded>,
): Promise<void> {
  return session.transaction(async () => {
    for (const plan of plans) {
      const chunk = shredded.get(plan)
      if (chunk === undefined) continue
      await deleteChanged(session, plan.table, condition)
      await write(session, work, plan, chunk, { into: plan.table.name, sorts: false })
    }
    if (isLast)
      await remember(
        session,
        plans.map(({ table }) => table),
      )
  })
}

async function changeMany(work: Work, shredder: Session, changed: readonly Plan[], part: ChangedPart): Promise<void> {
  const plans = changed.toSorted((a, b) => b.rows - a.rows)
  const shredded = shredAhead(
    [shredder],
    plans.map((plan) => {
      const lookUp = `c.rid IN (${changedRidsOf(plan.table, part.condition)})`
      return { plan, lines: { kind: 'looked up' } as const, lookUp }
    }),
    { chunksAhead: 2, unwritten: 1 },
  )
  try {
    for (const plan of plans) {
      const chunk = await nextOf(shredded, plan.table)
      await work.session.transaction(() => changeTable(work, plan, chunk, part))
    }
  } finally {
    await shredded.return(undefined)
  }
}

async function changeTable(work: Work, plan: Plan, chunk: Shredded, { condition, isLast }: ChangedPart): Promise<void> {
  const { session, dictionary } = work
  const { table } = plan
  await deleteChanged(session, table, condition)
  await learn(session, dictionary, [chunk])
  await write(session, work, plan, chunk, { into: table.name, sorts: true })
  if (isLast) await remember(session, [table])
}

async function deleteChanged(session: Session, table: TypedTable, condition: string): Promise<void> {
  await session.run(`DELETE FROM ${table.name} WHERE rid IN (${changedRidsOf(table, condition)})`)
}
