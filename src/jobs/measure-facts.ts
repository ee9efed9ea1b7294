import { setTimeout as pause } from 'node:timers/promises'
import { contentHash, giveWay, groupBy } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { type Coding, foldSystem, patientCompartment } from '../fhir/index.ts'
import { type DataNeed, measureNeeds } from '../measure/index.ts'
import {
  countFacts,
  type FactsAsked,
  readConceptCodings,
  readFactsState,
  readMeasureFacts,
  readPersonsOfSources,
  readRunMeasures,
  replaceMeasureFacts,
} from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { Application } from './application.ts'

/** What one source holds of a kind of facts. */
export interface FactsInSource {
  readonly source: string
  /** `unknown`: it was not counted, or some resource holds its code in a form that columns cannot show. */
  readonly presence: 'none' | 'some' | 'unknown'
  /** Null where it was not counted. */
  readonly resources: number | null
  /** Null also for resources that are of no person (a medication). */
  readonly persons: number | null
}

/** A kind of facts that a measure's logic retrieves. */
export interface FactKind {
  readonly type: string
  /** The element whose code is compared, with the value set or the codes; absent where all of the type are read. */
  readonly path?: string
  readonly valueSet?: string
  /** Of the value set, where its expansion names one. */
  readonly title?: string
  readonly codes: readonly Coding[]
  /** Elements that the logic reads of such resources. */
  readonly elements: readonly string[]
  readonly sources: readonly FactsInSource[]
}

/** The kinds of facts that one measure reads; none where its logic cannot be compiled. */
export interface MeasureFacts {
  readonly measureId: string
  readonly title: string
  readonly kinds: readonly FactKind[]
}

/** What measures read and what of it sources hold, over the data of a run. */
export interface FactsFound {
  readonly runId: number
  /** How many people who count each source knows. */
  readonly sources: readonly { readonly source: string; readonly persons: number }[]
  readonly measures: readonly MeasureFacts[]
}

/** What is stored of it. */
export interface StoredFacts {
  readonly found?: FactsFound
  /** Of which run and measures it is: the newest, those before them, or none because nothing was counted yet. */
  readonly state: 'current' | 'earlier' | 'none'
}

type FactsContext = Pick<Application, 'store' | 'measures' | 'valueSets'>

/** A page waits so long for what is being counted, and shows what was counted before otherwise. */
const pageWaitMs = 100

/** What is under way for each store: who asks meanwhile waits for the same. */
const underWay = new WeakMap<FactsContext['store'], Promise<void>>()

/** What was counted, for who waits in front of a screen; begun anew where it is not of the newest run. */
export async function readFacts(context: FactsContext): Promise<StoredFacts> {
  const { session } = context.store
  const asked = (await stateOf(session, context))?.state
  if (asked !== undefined && (await readMeasureFacts(session))?.state !== asked) {
    // A fault is told by the next call that waits for the end.
    const made = refreshFacts(context).catch(() => undefined)
    const late = new AbortController()
    await Promise.race([made, pause(pageWaitMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }
  const stored = await readMeasureFacts(session)
  if (stored === undefined) return { state: 'none' }
  return { found: JSON.parse(stored.found) as FactsFound, state: stored.state === asked ? 'current' : 'earlier' }
}

/** The same of the newest run: waits until it is counted. Nothing is found before the first run. */
export async function listFacts(context: FactsContext): Promise<StoredFacts> {
  await refreshFacts(context)
  return readFacts(context)
}

/** Counts anew where what is stored is not of the newest run and of these measures: a server does it after each run. */
export async function refreshFacts(context: FactsContext): Promise<void> {
  const { store } = context
  const known = underWay.get(store)
  const done = (known ?? Promise.resolve()).catch(() => undefined).then(() => count(context))
  underWay.set(store, done)
  try {
    await done
  } finally {
    if (underWay.get(store) === done) underWay.delete(store)
  }
}

async function stateOf(session: Session, { measures }: FactsContext) {
  const over = await readFactsState(session)
  if (over === undefined) return undefined
  const read = contentHash(...measures.map((measure) => measure.contentHash))
  return { runId: over.runId, state: `${over.runId} ${contentHash(read, over.tables)}` }
}

async function count(context: FactsContext): Promise<void> {
  const session = await context.store.session.sibling()
  try {
    const asked = await stateOf(session, context)
    if (asked === undefined || (await readMeasureFacts(session))?.state === asked.state) return
    const found = JSON.stringify(await findFacts(session, context, asked.runId))
    await replaceMeasureFacts(session, { ...asked, found })
  } finally {
    session.close()
  }
}

async function findFacts(session: Session, context: FactsContext, runId: number): Promise<FactsFound> {
  const ofRun = new Set((await readRunMeasures(session, runId)).map(({ measureId }) => measureId))
  const measures = context.measures.filter(({ id }) => ofRun.has(id))
  const needs = new Map<InstalledMeasure, readonly DataNeed[]>()
  for (const measure of measures) {
    await giveWay()
    needs.set(measure, kindsOf(measure))
  }
  const kinds = new Map([...needs.values()].flat().map((need) => [keyOf(need), need]))
  const cidsOf = await conceptsOf(session, context.valueSets)
  const asked = [...kinds].map(([key, { type, codes }]) => ({
    key,
    facts: codes === undefined ? { type } : withConcepts(type, codes.path, cidsOf(codes)),
  }))
  const countable = asked.flatMap(({ key, facts }) => (facts === undefined ? [] : [{ key, facts }]))
  const counts = await countFacts(
    session,
    countable.map(({ facts }) => facts),
  )
  const held = new Map(countable.map(({ key }, index) => [key, counts[index]]))
  const sources = await readPersonsOfSources(session)
  const kindOf = (need: DataNeed): FactKind => {
    const { type, codes, elements } = need
    const title = codes?.valueSet === undefined ? undefined : context.valueSets.find(codes.valueSet)?.title
    const counted = held.get(keyOf(need))
    return {
      type,
      ...(codes === undefined ? {} : { path: codes.path }),
      ...(codes?.valueSet === undefined ? {} : { valueSet: codes.valueSet }),
      ...(title === undefined ? {} : { title }),
      codes: codes?.codes ?? [],
      elements,
      sources: sources.map(({ source }): FactsInSource => {
        if (counted === undefined) return { source, presence: 'unknown', resources: null, persons: null }
        const { resources, persons, unread } = counted.find((row) => row.source === source) ?? nothing
        const presence = resources > 0 ? 'some' : unread > 0 ? 'unknown' : 'none'
        return { source, presence, resources, persons: isOfPersons(type) ? persons : null }
      }),
    }
  }
  return {
    runId,
    sources,
    measures: [...needs].map(([{ id, title }, read]) => ({ measureId: id, title, kinds: read.map(kindOf) })),
  }
}

const nothing = { resources: 0, persons: 0, unread: 0 }

const isOfPersons = (type: string): boolean => type === 'Patient' || patientCompartment[type] !== undefined

/**
 * The kinds of facts of a measure, each once: profiles of one type and code are told as one, for what is counted is what a source
 * sent at all. That everybody has a Patient need not be told.
 */
function kindsOf(measure: InstalledMeasure): readonly DataNeed[] {
  const found = measureNeeds(measure)
  const needs = found.ok ? found.value.needs.filter(({ type }) => type !== 'Patient') : []
  const byKey = groupBy(needs, keyOf)
  return [...byKey.values()].flatMap((alike) => {
    const [first] = alike
    if (first === undefined) return []
    return [{ ...first, elements: [...new Set(alike.flatMap(({ elements }) => elements))].sort() }]
  })
}

const keyOf = ({ type, codes }: DataNeed): string => JSON.stringify([type, codes])

const withConcepts = (type: string, path: string, cids: readonly number[] | undefined): FactsAsked | undefined =>
  cids === undefined ? undefined : { type, coded: { path, cids } }

/** Which concepts of the store have one of the codes; undefined for a value set whose expansion is not at hand. */
async function conceptsOf(session: Session, valueSets: ValueSets) {
  const known = new Map<string, number[]>()
  for (const { cid, system, code } of await readConceptCodings(session)) {
    // A code without a system is no member of any set: see `expansionsOf`.
    if (code === null || system === null) continue
    const key = `${system}|${code}`
    const cids = known.get(key)
    if (cids === undefined) known.set(key, [cid])
    else cids.push(cid)
  }
  return ({ valueSet, codes }: NonNullable<DataNeed['codes']>): readonly number[] | undefined => {
    const members = valueSet === undefined ? codes : valueSets.find(valueSet)?.members
    return (
      members && [
        ...new Set(members.flatMap(({ system = '', code = '' }) => known.get(`${foldSystem(system)}|${code}`) ?? [])),
      ]
    )
  }
}
