import type { InstalledMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { type ChosenMeasures, findMeasure, matching, pathNamesIt } from './measure-named.ts'
import { measuresGiven } from './measures-given.ts'
import { repeated, text } from './operation-input.ts'

/** How DEQM's operations name measures; all of them together where several are given. */
export const measureParameters = {
  measureId: repeated(text).optional(),
  measureIdentifier: repeated(text).optional(),
  measureUrl: repeated(text).optional(),
  measure: repeated(text).optional(),
}

export interface MeasuresAsked {
  readonly measureId?: readonly string[] | undefined
  /** `value` or `system|value`. */
  readonly measureIdentifier?: readonly string[] | undefined
  /** Canonicals, with or without version. */
  readonly measureUrl?: readonly string[] | undefined
  /** `Measure/<id>` or a canonical. */
  readonly measure?: readonly string[] | undefined
  /** `code`, `system|code` or words of the Measure's topic; every measure of one of them. */
  readonly topic?: readonly string[] | undefined
  /** The same of the programs that the Measure says it is used in (useContext). */
  readonly program?: readonly string[] | undefined
  /** Measures in the request itself. */
  readonly measureResource?: readonly Resource[] | undefined
}

const naming = [
  'measureId',
  'measureIdentifier',
  'measureUrl',
  'measure',
  'topic',
  'program',
  'measureResource',
] as const satisfies readonly (keyof MeasuresAsked)[]

/** The measures that are asked for: that of the path, or those named, or (where nothing names any) all. */
export function chooseMeasures(
  measures: readonly InstalledMeasure[],
  id: string | undefined,
  asked: MeasuresAsked,
): ChosenMeasures {
  if (id !== undefined) {
    const beside = naming.find((parameter) => asked[parameter] !== undefined)
    if (beside !== undefined) return pathNamesIt(beside)
    const named = findMeasure(measures, { id })
    return named.ok ? { ok: true, measures: [named.measure] } : named
  }
  const found = new Map<string, InstalledMeasure>()
  const byName: readonly (readonly [
    Exclude<keyof MeasuresAsked, 'measureResource'>,
    (name: string) => readonly InstalledMeasure[],
  ])[] = [
    ['measureId', (name) => measures.filter((one) => one.id === name)],
    ['measureIdentifier', (name) => measures.filter((one) => hasIdentifier(one, name))],
    ['measureUrl', (name) => matching(measures, name)],
    ['measure', (name) => matching(measures, name)],
    ['topic', (name) => measures.filter(({ resource }) => isAmong(resource['topic'], name))],
    ['program', (name) => measures.filter(({ resource }) => isAmong(programsOf(resource), name))],
  ]
  const given = measuresGiven(measures, asked.measureResource ?? [])
  if (!given.ok) return given
  for (const one of given.measures) found.set(one.id, one)
  let isNamed = given.measures.length > 0
  for (const [parameter, find] of byName) {
    for (const name of asked[parameter] ?? []) {
      isNamed = true
      const matches = find(name)
      if (matches.length === 0) return noMeasure(parameter)
      for (const one of matches) found.set(one.id, one)
    }
  }
  const chosen = isNamed ? [...found.values()] : [...measures]
  return { ok: true, measures: chosen.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

function noMeasure(parameter: string): ChosenMeasures {
  const message = `${parameter}: no measure that is installed here has it.`
  const diagnostic = { code: 'api/measure', message, remedy: 'GET /fhir/Measure lists those that are installed.' }
  return { ok: false, status: 404, issue: { code: 'not-found', diagnostic, expression: [parameter] } }
}

const list = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : []

/** A token of FHIR search: `value`, `system|value` or `|value` (without a system). */
function isToken(token: string, system: unknown, value: unknown): boolean {
  const bar = token.indexOf('|')
  if (bar === -1) return value === token
  return value === token.slice(bar + 1) && (system ?? '') === token.slice(0, bar)
}

const hasIdentifier = ({ resource }: InstalledMeasure, token: string): boolean =>
  list(resource['identifier']).some(({ system, value }) => isToken(token, system, value))

/** The programs of a Measure: useContext of the code `program`, as concepts. */
function programsOf(resource: InstalledMeasure['resource']): readonly unknown[] {
  return list(resource['useContext'])
    .filter(({ code }) => isObject(code) && code['code'] === 'program')
    .map((context) => context['valueCodeableConcept'])
}

/** Whether one of some concepts has the token as a code, or as its words. */
function isAmong(concepts: unknown, token: string): boolean {
  return list(concepts).some(
    ({ text, coding }) =>
      (typeof text === 'string' && text.toLowerCase() === token.toLowerCase()) ||
      list(coding).some(({ system, code }) => isToken(token, system, code)),
  )
}
