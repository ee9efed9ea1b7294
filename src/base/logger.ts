import type { JsonValue } from './diagnostic.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * A line of JSON per event. Fields are for ids, counts and times; whoever logs must not pass names,
 * birth dates, identifiers, free text or tokens of a person (no PHI in logs).
 */
export interface Logger {
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, JsonValue>>): void
}

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Writes each event at or above `level` as one JSON line. */
export function createLogger(write: (line: string) => void, level: LogLevel = 'info'): Logger {
  return {
    log(at, event, fields = {}) {
      if (order.indexOf(at) < order.indexOf(level)) return
      write(`${JSON.stringify({ time: new Date().toISOString(), level: at, event, ...fields })}\n`)
    },
  }
}

export const silentLogger: Logger = { log: () => undefined }
