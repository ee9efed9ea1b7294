import type { Application } from './application.ts'
import { keepReady } from './keep-ready.ts'

/**
 * Until they are in the file, rows stand in memory as they came, in two to three times the space of the log. The database
 * brings them there of itself at 128 MiB, which suits loads: a server that writes a few rows for each call would hold 300 MB.
 */
const longestLog = 16 * 1024 * 1024

/** Brings what a server wrote bit by bit (audit, cards) into the file now and then. Returns what ends it. */
export function keepLogShort(application: Application): () => Promise<void> {
  return keepReady(application, 'log-not-shortened', () => shortenLog(application))
}

/** One look: a log that became too long is brought into the file. */
export async function shortenLog({ store }: Pick<Application, 'store'>): Promise<void> {
  if (store.database.logBytes() > longestLog) await store.database.checkpoint()
}
