import type { InstalledMeasure, MeasureGroup, PopulationCode } from '../../content/index.ts'
import type { ElmLibrary, ElmNode } from '../../elm/index.ts'
import type { Coding } from '../../fhir/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { type Logic, logicOf } from '../logic.ts'
import { nodesIn, reachableDefines } from '../reach.ts'

/** Codes that the logic looks for, under the name that it gives them. */
export interface CodeGroup {
  readonly name: string
  readonly members: readonly Coding[]
}

/** A retrieve: resources of a type, narrowed by the codes at a path where it names any. */
export interface RetrieveRead {
  readonly type: string
  readonly path: string
  readonly codes?: CodeGroup
}

/** A quantity that the logic compares with. */
export interface QuantityRead {
  readonly value: number
  readonly unit: string
}

/** What some populations' logic looks at, as far as a repair of a record needs it. */
export interface LogicReads {
  readonly retrieves: readonly RetrieveRead[]
  /** Codes that are looked for elsewhere than in a retrieve: in components, in conditions. */
  readonly codes: readonly CodeGroup[]
  /** Units of time that the logic compares with, by UCUM: a value may be of time too (a gestational age). */
  readonly timeUnits: readonly string[]
  /** Quantities with a unit that is not of time. */
  readonly quantities: readonly QuantityRead[]
  /** Spans of time, in days. */
  readonly spans: readonly number[]
}

const kept = new WeakMap<MeasureGroup, Map<string, LogicReads>>()

/** What the logic of a group's populations reads, through every library. Kept per group and choice of populations. */
export function readsOf(
  measure: InstalledMeasure,
  group: MeasureGroup,
  populations: readonly PopulationCode[],
  valueSets: ValueSets,
): LogicReads {
  const known = kept.get(group) ?? new Map<string, LogicReads>()
  kept.set(group, known)
  const key = populations.join(' ')
  const reads = known.get(key) ?? findReads(measure, group, populations, valueSets)
  known.set(key, reads)
  return reads
}

function findReads(
  measure: InstalledMeasure,
  group: MeasureGroup,
  populations: readonly PopulationCode[],
  valueSets: ValueSets,
): LogicReads {
  const logic = logicOf(measure)
  const wanted = group.populations.filter(({ code }) => populations.includes(code))
  const names = wanted.flatMap(({ define }) => reachableDefines(logic, { library: logic.main, define }))
  const distinct = new Map(names.map((name) => [`${name.library}\n${name.define}`, name]))
  const vocabulary = { measure, logic, valueSets }
  const placed = [...distinct.values()].flatMap((name) =>
    logic.bodies(name).flatMap((body) => nodesIn(body).map((node) => ({ node, library: name.library }))),
  )
  const retrieves = placed.flatMap(({ node, library }) =>
    node.type === 'Retrieve' ? retrieveReads(vocabulary, node, library) : [],
  )
  const quantities = placed.flatMap(({ node }) => quantityRead(node))
  return {
    retrieves: [
      ...new Map(retrieves.map((read) => [JSON.stringify([read.type, read.path, read.codes?.name]), read])).values(),
    ],
    codes: distinctGroups(placed.flatMap(({ node, library }) => codeGroup(vocabulary, node, library))),
    quantities: quantities.filter(({ unit }) => daysOf(unit) === undefined),
    timeUnits: [...new Set(quantities.flatMap(({ unit }) => ucumOfTime(unit) ?? []))],
    spans: [...new Set(quantities.flatMap(({ value, unit }) => Math.round(value * (daysOf(unit) ?? 0)) || []))],
  }
}

interface VocabularyOf {
  readonly measure: InstalledMeasure
  readonly logic: Logic
  readonly valueSets: ValueSets
}

function retrieveReads(vocabulary: VocabularyOf, node: ElmNode, library: string): RetrieveRead[] {
  const type = String(node['dataType']).replace(/^\{[^}]*\}/, '')
  const path = typeof node['codeProperty'] === 'string' ? node['codeProperty'] : 'code'
  const groups = nodesIn(node['codes'] as ElmNode).flatMap((part) => codeGroup(vocabulary, part, library))
  if (groups.length === 0) return [{ type, path }]
  return groups.map((codes) => ({ type, path, codes }))
}

/** The codes that a reference names: of a value set its members, of a code itself. */
function codeGroup({ measure, logic, valueSets }: VocabularyOf, node: ElmNode, from: string): CodeGroup[] {
  if (node.type !== 'ValueSetRef' && node.type !== 'CodeRef') return []
  const target = logic.target(node, from)
  const library = measure.closure.libraries.find(({ identifier }) => identifier.id === target?.library)
  if (target === undefined || library === undefined) return []
  if (node.type === 'CodeRef') return namedCode(library, target.define)
  const set = library.valueSets?.def.find(({ name }) => name === target.define)
  const expansion = set === undefined ? undefined : valueSets.find(canonicalOf(set))
  return expansion === undefined ? [] : [{ name: target.define, members: expansion.members }]
}

const canonicalOf = (set: { readonly id: string; readonly version?: string }): string =>
  set.version === undefined ? set.id : `${set.id}|${set.version}`

interface Definitions {
  readonly def: readonly {
    readonly name: string
    readonly id?: string
    readonly display?: string
    readonly codeSystem?: { readonly name: string }
  }[]
}

function namedCode(library: ElmLibrary, name: string): CodeGroup[] {
  const code = (library['codes'] as Definitions | undefined)?.def.find((candidate) => candidate.name === name)
  const systems = (library['codeSystems'] as Definitions | undefined)?.def
  const system = systems?.find((candidate) => candidate.name === code?.codeSystem?.name)?.id
  if (code?.id === undefined || system === undefined) return []
  return [
    { name, members: [{ system, code: code.id, ...(code.display === undefined ? {} : { display: code.display }) }] },
  ]
}

const distinctGroups = (groups: readonly CodeGroup[]): CodeGroup[] => [
  ...new Map(groups.map((group) => [group.name, group])).values(),
]

function quantityRead(node: ElmNode): QuantityRead[] {
  const { value, unit } = node
  if (node.type !== 'Quantity' || typeof value !== 'number' || typeof unit !== 'string') return []
  return [{ value, unit }]
}

const unitDays: Readonly<Record<string, number>> = { year: 365.25, month: 30.4375, week: 7, day: 1, hour: 0, minute: 0 }
const ucumDays: Readonly<Record<string, number>> = { a: 365.25, mo: 30.4375, wk: 7, d: 1, h: 0, min: 0, s: 0, ms: 0 }

const ucumWords: Readonly<Record<string, string>> = {
  year: 'a',
  month: 'mo',
  week: 'wk',
  day: 'd',
  hour: 'h',
  minute: 'min',
}

/** UCUM's code of a unit of time, from CQL's word or itself; undefined for any other unit. */
const ucumOfTime = (unit: string): string | undefined =>
  ucumWords[unit.replace(/s$/, '')] ?? (ucumDays[unit] === undefined ? undefined : unit)

/** Days of a unit of time, CQL's words and UCUM's; undefined for any other unit. */
const daysOf = (unit: string): number | undefined =>
  unitDays[unit.replace(/s$/, '')] ?? ucumDays[unit] ?? (/^(milli)?seconds?$/.test(unit) ? 0 : undefined)
