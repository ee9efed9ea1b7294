import type { Session } from '../duck/index.ts'
import { straightToFile } from './straight-to-file.ts'
import { nextOf, type Plan, remember, shredAhead, type Work, write } from './typed-chunks.ts'
import { forgetFacts } from './typed-facts-kept.ts'
import { learn, type Shredded } from './typed-table.ts'

/**
 * Builds tables anew, the largest first, so that little is written when nothing is left to shred. While two chunks are shredded
 * two others are written, those of one table one after the other.
 */
export async function buildTables(work: Work, shredder: Session, plans: readonly Plan[]): Promise<void> {
  const built = plans.filter(({ how }) => how === 'built').toSorted((a, b) => b.rows - a.rows)
  if (built.length === 0) return
  const chunks = built.flatMap((plan) => plan.lines.map((lines) => ({ plan, lines })))
  const other = await shredder.sibling()
  const shredded = shredAhead([shredder, other], chunks, { chunksAhead: 2, unwritten: writerCount })
  const writers = await TableWriters.open(work.session)
  try {
    await straightToFile(work.session, async () => {
      for (const plan of built) await buildTable(work, writers, plan, shredded)
      await writers.idle()
    })
  } finally {
    await writers.close()
    await shredded.return(undefined)
    other.close()
  }
}

/**
 * Has the table of one type written from its chunks, which come next. It takes the old one's place in a transaction of its own: one
 * that drops or changes rows goes by the log while another is shredded, and rows of chunks are to go straight to the file.
 */
async function buildTable(
  work: Work,
  writers: TableWriters,
  plan: Plan,
  shredded: AsyncGenerator<Shredded, void, void>,
): Promise<void> {
  const { session, dictionary } = work
  const { table, lines } = plan
  const aside = `${table.name}_new`
  await session.run(`DROP TABLE IF EXISTS ${aside}`)
  await table.create(session, aside)
  let before: Promise<void> = Promise.resolve()
  for (let chunk = 0; chunk < lines.length; chunk++) {
    const next = await nextOf(shredded, table)
    // Concepts are numbered in the order of the chunks, and each writer is to see them.
    await session.transaction(() => learn(session, dictionary, [next]))
    const former = before
    const isLast = chunk === lines.length - 1
    before = writers.begin(await writers.take(), async (writer) => {
      await former
      await writer.transaction(() => write(writer, work, plan, next, { into: aside, sorts: true }))
      if (!isLast) return
      await writer.transaction(async () => {
        await writer.run(`DROP TABLE IF EXISTS ${table.name}`)
        await writer.run(`ALTER TABLE ${aside} RENAME TO ${table.name}`)
        await remember(writer, [table])
        await forgetFacts(writer, table.type)
      })
    })
  }
}

const writerCount = 2

/** Sessions that write side by side. */
class TableWriters {
  readonly #sessions: readonly Session[]
  readonly #busy: Promise<void>[]
  #turn = 0

  private constructor(sessions: readonly Session[]) {
    this.#sessions = sessions
    this.#busy = sessions.map(() => Promise.resolve())
  }

  static async open(session: Session): Promise<TableWriters> {
    const sessions: Session[] = []
    for (let index = 0; index < writerCount; index++) sessions.push(await session.sibling())
    return new TableWriters(sessions)
  }

  /** The number of the next writer, once it is free. */
  async take(): Promise<number> {
    const index = this.#turn++ % writerCount
    await this.#busy[index]
    return index
  }

  /** Has a writer that was taken do the work; the promise of its end. */
  begin(index: number, work: (writer: Session) => Promise<void>): Promise<void> {
    const done = work(this.#sessions[index] as Session)
    // Its fault is told when it is waited for; until then it must not count as unhandled.
    done.catch(() => undefined)
    this.#busy[index] = done
    return done
  }

  async idle(): Promise<void> {
    await Promise.all(this.#busy)
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#busy)
    for (const session of this.#sessions) session.close()
  }
}
