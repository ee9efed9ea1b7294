import { isUcumUnit } from '../core/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'
import { countElement, dataSnapshot, type Store } from '../store/index.ts'
import { type Candidate, CandidateFinder, normalText } from '../terminology/index.ts'
import { type MappingContext, readCodes } from './code-mapping.ts'

/** Something in the data that no installed measure reads. */
export interface Unmapped {
  readonly kind: 'code' | 'text' | 'unit'
  readonly type: string
  readonly source: string
  readonly system: string
  readonly value: string
  readonly display?: string
  readonly count: number
  readonly candidates: readonly Candidate[]
}

/** Where a resource says what it is about: the elements by which measures find it. */
const codePaths: readonly (readonly [type: string, path: string])[] = [
  ['Observation', '$.code'],
  ['Observation', '$.valueCodeableConcept'],
  ['Condition', '$.code'],
  ['Procedure', '$.code'],
  ['Encounter', '$.type'],
  ['MedicationRequest', '$.medicationCodeableConcept'],
  ['MedicationStatement', '$.medicationCodeableConcept'],
  ['MedicationAdministration', '$.medicationCodeableConcept'],
  ['MedicationDispense', '$.medicationCodeableConcept'],
  ['Medication', '$.code'],
  ['Immunization', '$.vaccineCode'],
  ['AllergyIntolerance', '$.code'],
  ['DiagnosticReport', '$.code'],
  ['ServiceRequest', '$.code'],
  ['DeviceRequest', '$.codeCodeableConcept'],
  ['Device', '$.type'],
  ['Coverage', '$.type'],
]

/** Units that are written otherwise than UCUM does, and what they mean. */
const writtenUnits: ReadonlyMap<string, string> = new Map([
  ['mmhg', 'mm[Hg]'],
  ['mm hg', 'mm[Hg]'],
  ['mm[hg]', 'mm[Hg]'],
  ['percent', '%'],
  ['pct', '%'],
  ['mg/dl', 'mg/dL'],
  ['g/dl', 'g/dL'],
  ['lbs', '[lb_av]'],
  ['lb', '[lb_av]'],
  ['in', '[in_i]'],
  ['inches', '[in_i]'],
  ['bpm', '/min'],
  ['kg/m^2', 'kg/m2'],
])

/** What was found last of each store, and for which data and measures: it reads every resource. */
const kept = new WeakMap<Store, { readonly key: string; readonly found: Promise<readonly Unmapped[]> }>()

/**
 * Codes, texts and units in the data that match nothing an installed measure reads, those with candidates first, the
 * most frequent first. A concept of which any coding is read is matched.
 */
export async function listUnmapped(context: MappingContext): Promise<readonly Unmapped[]> {
  const { store, measures } = context
  const read = measures.map(({ contentHash }) => contentHash).join(' ')
  const key = `${await dataSnapshot(store.session)} ${read}`
  const known = kept.get(store)
  if (known?.key === key) return known.found
  const found = findUnmapped(context)
  kept.set(store, { key, found })
  found.catch(() => kept.delete(store))
  return found
}

async function findUnmapped(context: MappingContext): Promise<readonly Unmapped[]> {
  const read = readCodes(context.measures, context.valueSets)
  const finder = new CandidateFinder(read.values())
  const systems = new Set([...read.values()].map(({ system }) => system))
  const found = new Map<string, Omit<Unmapped, 'candidates'>>()
  const add = (one: Omit<Unmapped, 'candidates'>) => {
    const key = JSON.stringify([one.kind, one.type, one.source, one.system, one.value])
    const known = found.get(key)
    found.set(key, known === undefined ? one : { ...known, count: known.count + one.count })
  }
  for (const [type, path] of codePaths) {
    for (const { source, value, count } of await countElement(context.store.session, type, path)) {
      for (const concept of conceptsOf(value))
        for (const one of unmatched(concept, read)) add({ ...one, type, source, count })
    }
  }
  for (const { source, value, count } of await countElement(context.store.session, 'Observation', '$.valueQuantity')) {
    const unit = unitOf(value)
    if (unit !== undefined && !isUcumUnit(unit))
      add({ kind: 'unit', type: 'Observation', source, system: '', value: unit, count })
  }
  return [...found.values()]
    .map((one) => ({ ...one, candidates: candidatesOf(one, finder, systems) }))
    .sort(
      (a, b) =>
        Number(b.candidates.length > 0) - Number(a.candidates.length > 0) ||
        b.count - a.count ||
        (`${a.type} ${a.source} ${a.value}` < `${b.type} ${b.source} ${b.value}` ? -1 : 1),
    )
}

type Concept = { readonly codings: readonly Readonly<Record<string, unknown>>[]; readonly text: string | undefined }

function conceptsOf(json: string): readonly Concept[] {
  return [JSON.parse(json) as unknown]
    .flat()
    .filter(isObject)
    .map((concept) => ({
      codings: Array.isArray(concept['coding']) ? concept['coding'].filter(isObject) : [],
      text: typeof concept['text'] === 'string' ? concept['text'] : undefined,
    }))
}

function unmatched({ codings, text }: Concept, read: ReadonlyMap<string, unknown>) {
  const coded = codings.flatMap(({ system, code, display }) =>
    typeof code === 'string' ? [{ system: typeof system === 'string' ? foldSystem(system) : '', code, display }] : [],
  )
  if (coded.some(({ system, code }) => read.has(`${system}|${code}`))) return []
  if (coded.length === 0)
    return text === undefined ? [] : [{ kind: 'text' as const, system: '', value: normalText(text) }]
  return coded.map(({ system, code, display }) => {
    const words = typeof display === 'string' ? display : text
    return { kind: 'code' as const, system, value: code, ...(words === undefined ? {} : { display: words }) }
  })
}

function unitOf(json: string): string | undefined {
  const quantity: unknown = JSON.parse(json)
  const unit = isObject(quantity) ? (quantity['code'] ?? quantity['unit']) : undefined
  return typeof unit === 'string' && unit.trim() !== '' ? unit : undefined
}

/**
 * What something may mean. A code of a system that measures read means what that system says: another code is
 * another thing, however alike the words (10 mg of one drug and of another, stage 3 and stage 5), so only one of the same
 * words is a candidate.
 */
function candidatesOf(
  { kind, system, value, display }: Omit<Unmapped, 'candidates'>,
  finder: CandidateFinder,
  systems: ReadonlySet<string>,
): readonly Candidate[] {
  if (kind === 'unit') {
    const code = writtenUnits.get(normalText(value))
    return code === undefined ? [] : [{ system: '', code, likeness: 1 }]
  }
  if (kind === 'text') return finder.find({ texts: [value] })
  const found = finder.find({ code: value, texts: display === undefined ? [] : [display] })
  return systems.has(system) ? found.filter((one) => one.likeness === 1) : found
}
