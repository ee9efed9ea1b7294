import type { RunSummary, WorklistCursor } from '../../store/index.ts'

/** Run, day, key and person: numbers alone, so that no address holds a name. */
export const cursorForm = /^\d{1,9}\.\d{8}\.\d{1,10}\.\d{1,10}$/

/** A cursor as an address holds it. Keys are ranks within one run and day, so both stand in it. */
export function cursorText(run: RunSummary, today: string, { key, pid }: WorklistCursor): string {
  return [run.runId, today.replaceAll('-', ''), key, pid].join('.')
}

/** The cursor of a text that has the form; `stale` where it is of another run or day, whose ranks mean nothing here. */
export function cursorOf(text: string, run: RunSummary, today: string): WorklistCursor | 'stale' {
  const [runId, day, key, pid] = text.split('.')
  if (Number(runId) !== run.runId || day !== today.replaceAll('-', '')) return 'stale'
  return { key: Number(key), pid: Number(pid) }
}
