import { readFileSync } from 'node:fs'
import { CaregapError, fault, messageOf } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { replaceRoster } from '../store/index.ts'
import { readRoster } from './roster-rows.ts'

export interface ImportedRoster {
  readonly rows: number
  readonly providers: number
  readonly practices: number
}

/**
 * Puts the roster of a CSV file (`npi,tin,practice,provider,from,to`; docs/identity.md) in place of the one
 * that stands. Faults (`input`): the file cannot be read; anything in it is wrong: then every fault is
 * named with its line, and the roster that stands stays. Derive the attribution afterwards.
 */
export async function importRoster(session: Session, csvPath: string): Promise<ImportedRoster> {
  const { rows, diagnostics } = readRoster(readText(csvPath), csvPath)
  if (diagnostics.length > 0) throw new CaregapError('input', diagnostics)
  await replaceRoster(session, rows)
  return {
    rows: rows.length,
    providers: new Set(rows.map((row) => row.npi)).size,
    practices: new Set(rows.map((row) => row.tin)).size,
  }
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (thrown) {
    throw fault('input', 'identity/roster-unreadable', `The roster cannot be read: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Give an existing CSV file in UTF-8.',
    })
  }
}
