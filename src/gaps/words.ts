import type { DefinePhrase, InstalledMeasure } from '../content/index.ts'
import type { ElmNode } from '../elm/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { Cause, Step } from './cause.ts'
import { type Fact, factText } from './fact.ts'
import type { DefineName, Logic } from './logic.ts'
import { type Letters, letterOf } from './truth.ts'

/** The measure's own words for a define: by `Library.Define`, and by the bare name for the main library's. */
export function phraseOf(measure: InstalledMeasure, logic: Logic, name: DefineName): DefinePhrase | undefined {
  const qualified = measure.phrases.get(`${name.library}.${name.define}`)
  if (qualified !== undefined) return qualified
  return name.library === logic.main ? measure.phrases.get(name.define) : undefined
}

/** A cause in words, and the step of its trail whose phrase said it (undefined where none did). */
export interface Wording {
  readonly text: string
  /** The latest facts, where the words have no place for them: they follow, with what joins them to the words. */
  readonly facts?: string
  readonly phrase?: DefinePhrase
}

/**
 * Words for a cause: the phrase nearest to it on its trail, below the population itself first; without
 * one, the define's name or the text of the condition. Placeholders of a phrase: `{evidence}` the latest
 * fact, `{period}` the measurement period.
 */
export function wordCause(
  measure: InstalledMeasure,
  letters: Letters,
  cause: Cause,
  facts: readonly Fact[],
  period: MeasurementPeriod,
): Wording {
  const told = latestText(facts)
  const counts = facts.some(({ qualifies }) => qualifies)
  const after = told === undefined ? {} : { facts: counts ? `: ${told}` : `; not counted: ${told}` }
  const latest = counts ? told : undefined
  for (const step of [...cause.trail].reverse()) {
    const phrase = phraseOf(measure, letters.logic, step)
    if (phrase === undefined) continue
    const { text, asks } = fillPhrase(step.held ? phrase.whenTrue : phrase.whenFalse, latest, period)
    return { text, ...(asks ? {} : after), phrase }
  }
  return { text: plainWords(measure, letters, cause), ...after }
}

/** The latest fact; with it one that was taken at the same time and is something else (the other side of a pressure). */
function latestText(facts: readonly Fact[]): string | undefined {
  const [first, ...others] = facts.map(({ shown }) => shown)
  if (first === undefined) return undefined
  const beside = others.find((fact) => fact.when !== undefined && fact.when === first.when && fact.what !== first.what)
  return [first, ...(beside === undefined ? [] : [beside])].map(factText).join(' and ')
}

/** Puts facts and period into a phrase; `asks` is false where the facts have no place in it and are left to follow. */
function fillPhrase(
  phrase: string,
  facts: string | undefined,
  period: MeasurementPeriod,
): { readonly text: string; readonly asks: boolean } {
  const dated = withinSentence(phrase)
    .replaceAll('{period}', () => periodText(period))
    .replace(/\.\s*$/, '')
  if (facts === undefined) return { text: dated.replaceAll(/,?\s*\{evidence\},?/g, '').trim(), asks: false }
  return { text: dated.replaceAll('{evidence}', () => facts), asks: dated.includes('{evidence}') }
}

/** A phrase begins within a sentence: `No result` becomes `no result`; `HbA1c` and `GMI` stay. */
function withinSentence(phrase: string): string {
  return phrase.replace(/^[A-Z](?=[a-z]*([\s,]|$))/, (letter) => letter.toLowerCase())
}

/** `2026` for a whole calendar year, else `2026-07-01 to 2027-06-30`. */
export function periodText(period: MeasurementPeriod): string {
  const year = period.start.slice(0, 4)
  const whole = period.start === `${year}-01-01` && period.end === `${year}-12-31`
  return whole ? year : `${period.start} to ${period.end}`
}

function plainWords(measure: InstalledMeasure, letters: Letters, cause: Cause): string {
  const holder = cause.trail.at(-1)
  if (holder === undefined) return 'no reason is known'
  if (cause.inline === undefined) return defineWords(letters, holder)
  const text = cqlText(measure, cause.inline, holder.library)
  const verdict = holder.held ? 'holds' : 'does not hold'
  return text === undefined ? defineWords(letters, holder) : `the condition "${text}" of "${holder.define}" ${verdict}`
}

function defineWords(letters: Letters, step: Step): string {
  switch (letterOf(letters, step)) {
    case 'z':
      return `nothing found for "${step.define}"`
    case 'l':
    case 'v':
      return `found: "${step.define}"`
    case 'n':
      return `"${step.define}" cannot be told from the record, and counts as not met`
    default:
      return `"${step.define}" is ${step.held ? 'met' : 'not met'}`
  }
}

const longestCondition = 160

/** The CQL between a node's locator `line:column-line:column`, on one line; undefined where it is not known. */
function cqlText(measure: InstalledMeasure, node: ElmNode, library: string): string | undefined {
  const place = /^(\d+):(\d+)-(\d+):(\d+)$/.exec(node.locator ?? '')
  const lines = measure.closure.cql.get(library)?.split('\n')
  if (place === null || lines === undefined) return undefined
  const [fromLine = 0, fromColumn = 0, toLine = 0, toColumn = 0] = place.slice(1).map(Number)
  const chosen = lines.slice(fromLine - 1, toLine)
  const last = chosen.length - 1
  const cut = chosen.map((line, index) =>
    line.slice(index === 0 ? fromColumn - 1 : 0, index === last ? toColumn : undefined),
  )
  const text = cut.join(' ').replaceAll(/\s+/g, ' ').trim()
  if (text === '') return undefined
  return text.length > longestCondition ? `${text.slice(0, longestCondition - 1)}…` : text
}
