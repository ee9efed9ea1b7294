import type { InstalledMeasure } from '../content/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import type { Cause } from './cause.ts'
import { factDefines } from './fact.ts'
import { type DefineName, type Logic, logicOf } from './logic.ts'
import { referencesIn, sourcesIn } from './reach.ts'
import { letterOf } from './truth.ts'
import { phraseOf } from './words.ts'

/** Where the next action of an open gap is looked for. */
export interface Undone {
  readonly measure: InstalledMeasure
  readonly evaluation: PersonEvaluation
  /** See `FactSource`. */
  readonly context: ReadonlySet<string>
  /** The smallest parts of the logic that were not met, as the logic has them in order. */
  readonly parts: readonly Cause[]
}

/**
 * What is missing, where the logic has several ways and one of them was gone without success: it has results, of the wrong
 * kind (a screening that is not negative), and doing it again is not what helps. Then it is the action of the first part of
 * which nothing is on record although all that it asks for beside it is (a treatment after a positive screening). Undefined
 * where nothing tells the ways apart.
 */
export function missingAction(undone: Undone): string | undefined {
  const { measure, evaluation, context } = undone
  const logic = logicOf(measure)
  const parts = undone.parts.filter((part) => part.trail.at(-1)?.held === false)
  const isOnRecord = (part: Cause): boolean =>
    factDefines({ logic, evaluation, context }, part).some(({ qualifies }) => qualifies)
  if (!parts.some(isOnRecord)) return undefined
  return parts
    .filter((part) => !isOnRecord(part) && hasItsConditions(logic, evaluation, part))
    .map((part) => actionOf(measure, logic, part))
    .find(Boolean)
}

/** What the words nearest to a part say to do; nothing where they are of what cannot be done (an age). */
function actionOf(measure: InstalledMeasure, logic: Logic, { trail }: Cause): string | undefined {
  const phrases = [...trail].reverse().map((step) => phraseOf(measure, logic, step))
  return phrases.find((phrase) => phrase !== undefined)?.nextAction
}

const unmet: ReadonlySet<string | undefined> = new Set(['f', 'n', 'z'])

/** Whether all that a part reads holds, but for what its own members are taken from. */
function hasItsConditions(logic: Logic, { defines }: PersonEvaluation, { trail, inline }: Cause): boolean {
  const holder = trail.at(-1)
  if (holder === undefined) return false
  const bodies = inline === undefined ? logic.bodies(holder) : [inline]
  const sources = new Set(bodies.flatMap((body) => sourcesIn(logic, body, holder.library)).map(keyOf))
  return bodies
    .flatMap((body) => referencesIn(logic, body, holder.library))
    .every((name) => sources.has(keyOf(name)) || !unmet.has(letterOf({ logic, defines }, name)))
}

const keyOf = ({ library, define }: DefineName): string => `${library}\n${define}`
