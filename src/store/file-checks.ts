import type { Diagnostic, Severity } from '../base/index.ts'
import { type FileFacts, readFileFacts } from './file-facts.ts'
import { migrations } from './schema/index.ts'

/**
 * What is to say of a database file: whether it is there, readable, writable, free of other processes, of
 * which version, and what killed runs left beside it. At least one diagnostic; each that is more than
 * information says what to do.
 */
export async function checkDatabaseFile(path: string): Promise<Diagnostic[]> {
  return judgeFile(await readFileFacts(path), migrations.at(-1)?.version ?? 0)
}

/** The same, from the facts alone; `newest` is the schema version that this caregap writes. */
export function judgeFile(facts: FileFacts, newest: number): Diagnostic[] {
  if (facts.kind === 'other') {
    return [found(facts, 'error', 'store/not-a-file', 'The database path is a folder.', 'Give a file with --db.')]
  }
  if (facts.kind === 'missing') return [judgeMissing(facts)]
  if (!facts.readable) {
    return [found(facts, 'error', 'store/not-readable', 'The database may not be read.', 'Give yourself the right to.')]
  }
  if (!facts.hasDuckHeader) {
    return [
      found(facts, 'error', 'store/not-a-database', 'The file is not a database.', 'Give another file with --db.'),
    ]
  }
  return [...judgeOpening(facts, newest), ...judgeWriting(facts), ...judgeLeftovers(facts)]
}

function judgeMissing(facts: FileFacts): Diagnostic {
  if (facts.folderWritable) {
    return found(
      facts,
      'information',
      'store/no-database',
      'There is no database yet.',
      'Make one with `bin/caregap ingest PATH`, or see a bundled one with `npm start`.',
    )
  }
  return found(
    facts,
    'error',
    'store/folder-not-writable',
    'There is no database, and none can be made: the folder may not be written.',
    'Give yourself the right to write there, or give another file with --db.',
  )
}

function judgeOpening({ openFault, ...facts }: FileFacts, newest: number): Diagnostic[] {
  if (openFault !== undefined) return [openFault]
  if (facts.schema === undefined || facts.schema === null) {
    return [
      found(
        facts,
        'error',
        'store/foreign-database',
        'The database is not from caregap.',
        'Give another file with --db.',
      ),
    ]
  }
  if (facts.schema > newest) {
    return [
      found(
        facts,
        'error',
        'store/newer-schema',
        `The database has schema ${facts.schema}, this caregap knows up to ${newest}.`,
        'Use the newer caregap that wrote it, or another --db file.',
      ),
    ]
  }
  const forward = facts.schema < newest ? `; opening it for writing brings it to ${newest}` : ''
  return [found(facts, 'information', 'store/database-fine', `The database has schema ${facts.schema}${forward}.`)]
}

function judgeWriting(facts: FileFacts): Diagnostic[] {
  if (facts.writable && facts.folderWritable) return []
  const what = facts.writable
    ? 'Its folder may not be written (DuckDB keeps its log and spills there)'
    : 'It may not be written'
  return [
    found(
      facts,
      'warning',
      'store/read-only',
      `The database can only be read: ${what}.`,
      'To load or evaluate, give yourself the right to write, or copy the file and use the copy with --db.',
    ),
  ]
}

function judgeLeftovers(facts: FileFacts): Diagnostic[] {
  const isHeld = facts.openFault?.code === 'duck/locked'
  if (isHeld) return []
  return [
    ...(facts.walBytes === 0
      ? []
      : [
          found(
            facts,
            'information',
            'store/log-to-replay',
            'A process ended before it closed the database; nothing is lost: the next opening takes its log over.',
          ),
        ]),
    ...(facts.spilledBytes === 0
      ? []
      : [
          found(
            { path: `${facts.path}.tmp` },
            'warning',
            'store/spill-left',
            'A killed run left temporary files here.',
            'Remove the folder while no process holds the database.',
          ),
        ]),
  ]
}

function found(
  { path }: Pick<FileFacts, 'path'>,
  severity: Severity,
  code: string,
  message: string,
  remedy?: string,
): Diagnostic {
  return { code, message, severity, place: { file: path }, ...(remedy === undefined ? {} : { remedy }) }
}
