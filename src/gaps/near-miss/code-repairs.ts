import { type Coding, foldSystem, isObject, type RecordEntry } from '../../fhir/index.ts'
import { conceptText } from '../code-display.ts'
import type { CodeGroup, LogicReads } from './logic-reads.ts'
import { pathText, type Repair, repairedAt } from './repair.ts'

/** An element that holds a concept, with its codings. */
interface Held {
  readonly path: readonly (string | number)[]
  readonly concept: Readonly<Record<string, unknown>>
  readonly codings: readonly Coding[]
}

/** The concepts of a resource's code elements: those that retrieves narrow by, and those of components. */
function conceptsOf({ resource }: RecordEntry, paths: readonly string[]): Held[] {
  const found: Held[] = []
  for (const name of paths) {
    const element = resource[name] === undefined ? `${name}CodeableConcept` : name
    const value = resource[element]
    const items = Array.isArray(value) ? (value as readonly unknown[]) : [value]
    for (const [index, concept] of items.entries())
      if (isObject(concept)) found.push(held(Array.isArray(value) ? [element, index] : [element], concept))
  }
  const components = Array.isArray(resource['component']) ? (resource['component'] as readonly unknown[]) : []
  for (const [index, component] of components.entries())
    if (isObject(component) && isObject(component['code']))
      found.push(held(['component', index, 'code'], component['code']))
  return found
}

const held = (path: Held['path'], concept: Held['concept']): Held => ({
  path,
  concept,
  codings: Array.isArray(concept['coding']) ? (concept['coding'] as readonly Coding[]) : [],
})

const pathsOf = (entry: RecordEntry, { retrieves }: LogicReads): string[] => [
  ...new Set(retrieves.filter(({ type }) => type === entry.type).map(({ path }) => path)),
]

const groupsOf = (entry: RecordEntry, reads: LogicReads): CodeGroup[] => {
  const narrowed = reads.retrieves.filter(({ type }) => type === entry.type).flatMap(({ codes }) => codes ?? [])
  return [...new Map([...narrowed, ...reads.codes].map((group) => [group.name, group])).values()]
}

const keys = new WeakMap<CodeGroup, ReadonlySet<string>>()
const keyOf = ({ system, code }: Coding) => `${system === undefined ? '' : foldSystem(system)}|${code ?? ''}`

function holds(group: CodeGroup, codings: readonly Coding[]): boolean {
  const known = keys.get(group) ?? new Set(group.members.map(keyOf))
  keys.set(group, known)
  return codings.some((coding) => known.has(keyOf(coding)))
}

/** True where a retrieve of the logic finds the resource by its code (or asks for none). */
export function isLookedFor(entry: RecordEntry, reads: LogicReads): boolean {
  const retrieves = reads.retrieves.filter(({ type }) => type === entry.type)
  return retrieves.some(({ codes, path }) => {
    if (codes === undefined) return true
    return conceptsOf(entry, [path]).some(({ codings }) => holds(codes, codings))
  })
}

/** True where an order (or appointment, task) is for what the logic looks for, in whatever type it will be recorded. */
export function isOrderedCode(entry: RecordEntry, reads: LogicReads): boolean {
  const known = orderedKeys.get(reads) ?? keysOfAll(reads)
  orderedKeys.set(reads, known)
  const concepts = conceptsOf(entry, ['code', 'medication', 'serviceType'])
  return concepts.some(({ codings }) => codings.some((coding) => known.has(keyOf(coding))))
}

const orderedKeys = new WeakMap<LogicReads, ReadonlySet<string>>()

/** Every code that the logic looks for, kinds of visits left out: they are no orders. */
function keysOfAll({ retrieves, codes }: LogicReads): ReadonlySet<string> {
  const groups = [...retrieves.filter(({ type }) => type !== 'Encounter').flatMap((read) => read.codes ?? []), ...codes]
  return new Set(groups.flatMap(({ members }) => members.map(keyOf)))
}

/**
 * A concept with local codes only, given a member of each set of codes that the logic looks for: sets whose words
 * are like those of the concept first; the others only where none is like it, for a weight is no HbA1c.
 */
export function codeRepairs(entry: RecordEntry, reads: LogicReads): Repair[] {
  const groups = groupsOf(entry, reads)
  const systems = new Set(groups.flatMap(({ members }) => members.map(({ system }) => system)))
  return conceptsOf(entry, pathsOf(entry, reads)).flatMap((concept) => {
    if (concept.codings.some(({ system }) => system !== undefined && systems.has(foldSystem(system)))) return []
    const ranked = groups.map((group) => ({ group, likeness: likeness(concept, group) }))
    const alike = ranked.filter(({ likeness: score }) => score > 0).sort((a, b) => b.likeness - a.likeness)
    const chosen = alike.length > 0 ? alike : hasWords(concept) ? [] : ranked
    return chosen.map(({ group }) => codeRepair('unmapped-code', entry, concept, group))
  })
}

/** An encounter of another kind than the logic asks for, or a fact that stands in an encounter that does not count. */
export function encounterRepairs(entry: RecordEntry, reads: LogicReads, others: readonly RecordEntry[]): Repair[] {
  if (entry.type !== 'Encounter') return referenceRepairs(entry, others)
  const types = reads.retrieves.filter(({ type }) => type === 'Encounter').flatMap(({ codes }) => codes ?? [])
  const concepts = conceptsOf(entry, ['type'])
  const retyped = concepts.flatMap((concept) =>
    types
      .filter((group) => !holds(group, concept.codings))
      .map((group) => codeRepair('wrong-encounter', entry, concept, group)),
  )
  return [...retyped, ...classRepairs(entry)]
}

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const classes: Readonly<Record<string, string>> = {
  AMB: 'ambulatory',
  IMP: 'inpatient',
  EMER: 'emergency',
  VR: 'virtual',
  HH: 'home health',
}

function classRepairs(entry: RecordEntry): Repair[] {
  const now = entry.resource['class']
  const code = isObject(now) ? String(now['code']) : undefined
  return Object.entries(classes).flatMap(([wanted, name]): Repair[] => {
    if (wanted === code) return []
    const repaired = { ...entry.resource, class: { system: actCode, code: wanted, display: name } }
    const is = code === undefined ? {} : { is: classes[code] ?? code }
    return [{ kind: 'wrong-encounter', entry, repaired, element: 'class', wanted: name, ...is }]
  })
}

function referenceRepairs(entry: RecordEntry, others: readonly RecordEntry[]): Repair[] {
  return ['encounter', 'context'].flatMap((element) => {
    const reference = entry.resource[element]
    const to = isObject(reference) && typeof reference['reference'] === 'string' ? reference['reference'] : undefined
    if (to === undefined) return []
    const { [element]: _, ...without } = entry.resource
    const bare: Repair = {
      kind: 'wrong-encounter',
      entry,
      repaired: { ...without, resourceType: entry.resource.resourceType },
      element,
      is: to,
      wanted: 'no such encounter',
    }
    const moved = others
      .filter((other) => other.type === 'Encounter' && !to.endsWith(String(other.resource['id'])))
      .map((other): Repair => {
        const target = `Encounter/${String(other.resource['id'])}`
        return { ...bare, repaired: { ...entry.resource, [element]: { reference: target } }, wanted: target }
      })
    return [bare, ...moved]
  })
}

function codeRepair(kind: Repair['kind'], entry: RecordEntry, concept: Held, group: CodeGroup): Repair {
  const [member] = group.members
  const coding = [...(kind === 'unmapped-code' ? concept.codings : []), ...(member === undefined ? [] : [member])]
  const is = conceptText({ coding: concept.codings }) ?? conceptText(concept.concept)
  return {
    kind,
    entry,
    repaired: repairedAt(entry.resource, concept.path, { ...concept.concept, coding }),
    element: pathText(concept.path),
    wanted: `a code of "${group.name}"`,
    ...(is === undefined ? {} : { is }),
  }
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2 && !common.has(word))
const common = new Set([
  'and',
  'the',
  'for',
  'with',
  'test',
  'laboratory',
  'blood',
  'serum',
  'plasma',
  'total',
  'mass',
  'other',
])

const textsOf = ({ concept, codings }: Held): string[] =>
  [concept['text'], ...codings.flatMap(({ display, code }) => [display, code])].filter(
    (text) => typeof text === 'string',
  )

const hasWords = (concept: Held): boolean => textsOf(concept).some((text) => /[a-z]{3,} [a-z]{3,}/i.test(text))

/** How many words a concept shares with the name and the displays of a set of codes. */
function likeness(concept: Held, group: CodeGroup): number {
  const words = new Set([group.name, ...group.members.flatMap(({ display }) => display ?? [])].flatMap(wordsOf))
  return new Set(
    textsOf(concept)
      .flatMap(wordsOf)
      .filter((word) => words.has(word)),
  ).size
}
