import { setTimeout as pause } from 'node:timers/promises'
import { contentHash, giveWay } from '../base/index.ts'
import { isUcumUnit } from '../core/index.ts'
import type { Session } from '../duck/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'
import {
  type CountedElements,
  type ElementCount,
  readElementCounts,
  readPublishedSequence,
  readUnmappedRows,
  readUnmappedState,
  refreshElementCounts,
  replaceUnmappedRows,
  type Store,
  type UnmappedRow,
  type UnmappedState,
} from '../store/index.ts'
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

const coded = (...types: readonly string[]) => types.map((type) => [type, ['$.code']] as const)
const medication = '$.medicationCodeableConcept'
const quantity = '$.valueQuantity'

/** Where a resource says what it is about: the elements by which measures find it; and in what unit it was measured. */
const countedElements: CountedElements = new Map<string, readonly string[]>([
  ...coded('Condition', 'Procedure', 'Medication', 'AllergyIntolerance', 'DiagnosticReport', 'ServiceRequest'),
  ['Observation', ['$.code', '$.valueCodeableConcept', quantity]],
  ['Encounter', ['$.type']],
  ['MedicationRequest', [medication]],
  ['MedicationStatement', [medication]],
  ['MedicationAdministration', [medication]],
  ['MedicationDispense', [medication]],
  ['Immunization', ['$.vaccineCode']],
  ['DeviceRequest', ['$.codeCodeableConcept']],
  ['Device', ['$.type']],
  ['Coverage', ['$.type']],
])

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

/** What is under way for each store: who asks meanwhile waits for the same. */
const underWay = new WeakMap<Store, { readonly key: string; readonly done: Promise<void> }>()

/**
 * Codes, texts and units in the data that match nothing an installed measure reads, those with candidates first, the
 * most frequent first. A concept of which any coding is read is matched. Waits until the list is of the newest data.
 */
export async function listUnmapped(context: MappingContext): Promise<readonly Unmapped[]> {
  await refreshUnmapped(context)
  return (await readUnmappedRows(context.store.session)).map(unmappedOf)
}

/** The list as it is stored. */
export interface StoredUnmapped {
  readonly unmapped: readonly Unmapped[]
  /** Of which data and measures it is: the newest, those before them, or none because nothing was listed yet. */
  readonly state: 'current' | 'earlier' | 'none'
}

/** A page waits so long for a list that is being made, and shows the one before otherwise. */
const pageWaitMs = 150

/** The list for who waits in front of a screen: the stored one, which is begun to be made anew where it is not of the newest data. */
export async function readUnmapped(context: MappingContext): Promise<StoredUnmapped> {
  const { session } = context.store
  const asked = await stateOf(session, context)
  if (!isSame(await readUnmappedState(session), asked)) {
    // A fault is told by the next call that waits for the end.
    const made = refreshUnmapped(context).catch(() => undefined)
    const late = new AbortController()
    await Promise.race([made, pause(pageWaitMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }
  const stored = await readUnmappedState(session)
  return {
    unmapped: (await readUnmappedRows(session)).map(unmappedOf),
    state: stored === undefined ? 'none' : isSame(stored, asked) ? 'current' : 'earlier',
  }
}

const isSame = (one: UnmappedState | undefined, other: UnmappedState): boolean =>
  one?.countedSeq === other.countedSeq && one.readHash === other.readHash

async function stateOf(session: Session, { measures }: MappingContext): Promise<UnmappedState> {
  const readHash = contentHash(...measures.map((measure) => measure.contentHash))
  return { countedSeq: await readPublishedSequence(session), readHash }
}

const unmappedOf = ({ kind, display, candidates, ...row }: UnmappedRow): Unmapped => ({
  ...row,
  kind: kind as Unmapped['kind'],
  ...(display === null ? {} : { display }),
  candidates: JSON.parse(candidates) as readonly Candidate[],
})

/**
 * Makes the stored list anew where it is not of the newest data and of these measures. It reads the text of every type of
 * which something was published since, so it belongs behind the scenes: a server does it after each load.
 */
export async function refreshUnmapped(context: MappingContext): Promise<void> {
  const { store } = context
  const state = await stateOf(store.session, context)
  const key = `${state.countedSeq} ${state.readHash}`
  const known = underWay.get(store)
  if (known?.key === key) return known.done
  const done = (known?.done ?? Promise.resolve()).catch(() => undefined).then(() => makeList(context, state))
  underWay.set(store, { key, done })
  try {
    await done
  } finally {
    if (underWay.get(store)?.done === done) underWay.delete(store)
  }
}

async function makeList(context: MappingContext, state: UnmappedState): Promise<void> {
  const session = await context.store.session.sibling()
  try {
    if (isSame(await readUnmappedState(session), state)) return
    await refreshElementCounts(session, countedElements)
    const found = await findUnmapped(context, await readElementCounts(session))
    const rows = found.map(({ display, candidates, ...row }) => ({
      ...row,
      display: display ?? null,
      candidates: JSON.stringify(candidates),
    }))
    await replaceUnmappedRows(session, state, rows)
  } finally {
    session.close()
  }
}

async function findUnmapped(
  { measures, valueSets }: MappingContext,
  counts: readonly ElementCount[],
): Promise<readonly Unmapped[]> {
  const read = readCodes(measures, valueSets)
  const finder = new CandidateFinder(read.values())
  const systems = new Set([...read.values()].map(({ system }) => system))
  const found = new Map<string, Omit<Unmapped, 'candidates'>>()
  const add = (one: Omit<Unmapped, 'candidates'>) => {
    const key = JSON.stringify([one.kind, one.type, one.source, one.system, one.value])
    const known = found.get(key)
    found.set(key, known === undefined ? one : { ...known, count: known.count + one.count })
  }
  for (const { type, path, source, value, count } of counts) {
    if (path === quantity) {
      const unit = unitOf(value)
      if (unit !== undefined && !isUcumUnit(unit)) add({ kind: 'unit', type, source, system: '', value: unit, count })
      continue
    }
    for (const concept of conceptsOf(value))
      for (const one of unmatched(concept, read)) add({ ...one, type, source, count })
  }
  const listed: Unmapped[] = []
  for (const one of found.values()) {
    if (listed.length % 50 === 0) await giveWay()
    listed.push({ ...one, candidates: candidatesOf(one, finder, systems) })
  }
  return listed.sort(
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
  const measured: unknown = JSON.parse(json)
  const unit = isObject(measured) ? (measured['code'] ?? measured['unit']) : undefined
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
