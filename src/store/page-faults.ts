import { setTimeout as pause } from 'node:timers/promises'
import type { Session } from '../duck/index.ts'
import { areFaultsCurrent, followFaults } from './data-fault.ts'
import type { Store } from './store.ts'

/** Current resources of one type that have one fault in one source. */
export interface FaultCount {
  readonly kind: 'future-date' | 'dangling-reference'
  readonly source: string
  readonly type: string
  /** The element of the date, or the type referred to (`urn`: an entry of a Bundle). */
  readonly named: string
  readonly resources: number
  /** Patients of the source whose resources these are. */
  readonly patients: number
  /** How many different resources are referred to and not there; 0 of dates. */
  readonly targets: number
  /** All current resources of the type in the source. */
  readonly held: number
  /** Where the first stands. */
  readonly file: string
  readonly line: number
}

/** The faults, and of what data they are: those of now, those before, or none because nothing was looked through yet. */
export interface FaultsFound {
  readonly state: 'current' | 'earlier' | 'none'
  readonly faults: readonly FaultCount[]
}

/** A page waits so long for what is being looked through, and shows what was found before otherwise. */
const pageWaitMs = 100

/** What is under way for each store: who asks meanwhile waits for the same. */
const underWay = new WeakMap<Store, Promise<void>>()

/** Looks through what was loaded since the last time. */
export async function refreshFaults(store: Store): Promise<void> {
  const done = (underWay.get(store) ?? Promise.resolve()).catch(() => undefined).then(() => follow(store))
  underWay.set(store, done)
  try {
    await done
  } finally {
    if (underWay.get(store) === done) underWay.delete(store)
  }
}

async function follow(store: Store): Promise<void> {
  const session = await store.session.sibling()
  try {
    await followFaults(session)
  } finally {
    session.close()
  }
}

/** Future dates and dangling references, for who waits in front of a screen; looked for anew where something was loaded since. */
export async function readFaults(store: Store): Promise<FaultsFound> {
  const { session } = store
  // Who comes while it is under way does not wait: it takes longer than a page may.
  if (!(await areFaultsCurrent(session)) && !underWay.has(store)) {
    // A fault is told by the next call that waits for the end.
    const made = refreshFaults(store).catch(() => undefined)
    const late = new AbortController()
    await Promise.race([made, pause(pageWaitMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }
  return found(session)
}

/** The same of all that is loaded: waits until it is looked through. */
export async function listFaults(store: Store): Promise<FaultsFound> {
  if (!(await areFaultsCurrent(store.session))) await refreshFaults(store)
  return found(store.session)
}

async function found(session: Session): Promise<FaultsFound> {
  const isMade = await session.first('SELECT 1 FROM derived_state WHERE name = $name', { name: 'faults' })
  if (isMade === undefined) return { state: 'none', faults: [] }
  const faults = await session.all<FaultCount>(
    `SELECT d.kind, s.name AS source, d.type, d.named, d.resources, d.patients, d.targets, d.held,
       f.path AS file, d.line_no::DOUBLE AS line
     FROM data_fault_count d JOIN source s USING (source_id) JOIN source_file f USING (file_id)
     ORDER BY d.kind DESC, d.resources DESC, s.name, d.type, d.named`,
  )
  return { state: (await areFaultsCurrent(session)) ? 'current' : 'earlier', faults }
}
