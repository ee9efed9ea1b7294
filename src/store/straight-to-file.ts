import type { Session } from '../duck/index.ts'

/** Rows of a table lie in groups of so many, which are written as a whole. A commit of so many writes them past the log. */
export const rowGroupRows = 122_880

/**
 * Lets each commit of so much write it to the file itself, for the whole instance: by the log it is written twice, and rows of
 * structures cost more there than in the file. For whole tables and whole row groups: a table that grows bit by bit would have
 * its last rows written anew each time.
 */
export async function straightToFile(session: Session, work: () => Promise<void>): Promise<void> {
  const setting = await session.first<{ limit: string }>(`SELECT current_setting('checkpoint_threshold') AS limit`)
  const set = (limit: string) => session.run(`SET checkpoint_threshold = '${limit}'`)
  await set('4MiB')
  try {
    await work()
  } finally {
    // After a full disk the instance takes nothing any more; it is opened anew then.
    await set(setting?.limit ?? '128MiB').catch(() => undefined)
  }
}

/**
 * Looks for tables among temporary ones alone: whoever looks among those of the file is a reader of it, and while others read,
 * a commit that updates rows goes by the log.
 */
export async function besideTheFile<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run("SET search_path = 'temp'")
  try {
    return await work()
  } finally {
    await session.run('RESET search_path').catch(() => undefined)
  }
}
