import type { Session } from '../duck/index.ts'

/**
 * Has one thread of the database do the work, for the whole instance, until `setThreads` gives it others. Of few rows there is one
 * task at a time, and whoever waits for a second thread that has it does so in a loop: a third of the CPU time.
 * Only for jobs that are done one at a time (`Application.oneAtATime`): two at once would take each other's setting for the usual one.
 */
export async function inOneThread<T>(
  session: Session,
  work: (setThreads: (wanted: number) => Promise<void>, threads: number) => Promise<T>,
): Promise<T> {
  const setting = await session.first<{ threads: number }>(`SELECT current_setting('threads')::INTEGER AS threads`)
  const threads = setting?.threads ?? 1
  let count = threads
  const setThreads = async (wanted: number) => {
    if (wanted === count) return
    await session.run(`SET threads = ${wanted}`)
    count = wanted
  }
  await setThreads(1)
  try {
    return await work(setThreads, threads)
  } finally {
    // After a full disk the instance takes nothing any more; it is opened anew then.
    await setThreads(threads).catch(() => undefined)
  }
}
