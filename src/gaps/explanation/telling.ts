import { CaregapError, messageOf } from '../../base/index.ts'
import { type CoreNode, isList } from '../../core/index.ts'
import type { Explained, Run } from '../../direct/index.ts'
import type { ClauseTexts } from './clause-text.ts'
import type { ExplainedClause } from './schema.ts'
import { shortValue } from './short-value.ts'

/** What clauses are told with. */
export interface Telling {
  readonly explained: Explained
  readonly texts: ClauseTexts
  /** How many resources of a type the record holds. */
  readonly countsByType: ReadonlyMap<string, number>
  /** Functions whose body was told already, for this define. */
  readonly told: Set<string>
  /** Resources that anything told names. */
  readonly named: Set<string>
}

type Letter = ExplainedClause['letter']

/** The letter of a run. */
export function letterOf({ fault, value }: Pick<Run, 'fault' | 'value'>): Letter {
  if (fault !== undefined) return 'e'
  if (value === null) return 'n'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return !isList(value) ? 'v' : value.some((item) => item !== null) ? 'l' : 'z'
}

/** What a letter leaves to say of a value; null where it is nothing. */
export const valueText = (run: Pick<Run, 'fault' | 'value'>): string | null =>
  'lv'.includes(letterOf(run)) ? shortValue(run.value) : null

/** Why there is an error. What is no fault of the logic tells no more than its kind. */
export function faultOf(fault: unknown): { readonly code: string; readonly message: string } | undefined {
  if (fault === undefined) return undefined
  const known = fault instanceof CaregapError ? fault.diagnostics[0] : undefined
  return known === undefined
    ? { code: 'direct/bug', message: messageOf(fault) }
    : { code: known.code, message: known.message }
}

/** Where a node's text stands; undefined for what no text says. */
export const placeOf = ({ origin: { library, locator } }: CoreNode): string | undefined =>
  locator === undefined ? undefined : `${library} ${locator}`
