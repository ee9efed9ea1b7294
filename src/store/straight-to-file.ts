import type { Session } from '../duck/index.ts'

/**
 * Lets each commit of so much write it to the file itself, for the whole instance: by the log it is written twice, and rows of
 * structures cost more there than in the file. For whole tables: a table that grows bit by bit would have its last rows
 * written anew each time.
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
