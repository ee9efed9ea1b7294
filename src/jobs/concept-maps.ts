import { CaregapError, type Diagnostic, fault, type Place } from '../base/index.ts'
import { packagedConceptMaps } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { readCodeMaps, type Store } from '../store/index.ts'
import { conceptMapOf, readConceptMap } from '../terminology/index.ts'
import { type MappingAuthor, proposeMap } from './code-mapping.ts'

/** What became of the translations of ConceptMaps: the ids of those that are proposed now, and why others are not. */
export interface ProposedMaps {
  readonly mapIds: readonly number[]
  readonly leftOut: readonly Diagnostic[]
}

/**
 * Proposes what ConceptMaps state: a ConceptMap, or a Bundle of them. A translation to what no installed measure reads is
 * left out and told; so is one that is only related. Fault `jobs/invalid-map` for a resource that is neither, or malformed.
 */
export async function proposeConceptMap(context: MappingAuthor, resource: unknown, place: Place) {
  const found = conceptMapsIn(resource)
  if (found.length === 0) {
    throw fault('input', 'jobs/invalid-map', 'There is no ConceptMap here.', {
      place,
      remedy: 'Give a FHIR R4 ConceptMap, or a Bundle of them.',
    })
  }
  return proposeAll(
    context,
    found.map((one) => ({ resource: one, place })),
  )
}

/** Proposes what the ConceptMaps of an installed package state. Fault `jobs/invalid-map` where it holds none. */
export async function proposePackagedMaps(context: MappingAuthor, name: string): Promise<ProposedMaps> {
  const found = await packagedConceptMaps(context.store.session, name)
  if (found.length === 0) {
    throw fault('input', 'jobs/invalid-map', `No installed package ${name} holds a ConceptMap.`, {
      remedy: '`caregap package list` says what is installed.',
    })
  }
  return proposeAll(
    context,
    found.map(({ file, url, resource }) => ({ resource, place: { file, resource: `ConceptMap ${url}` } })),
  )
}

interface Placed {
  readonly resource: unknown
  readonly place: Place
}

async function proposeAll(context: MappingAuthor, resources: readonly Placed[]): Promise<ProposedMaps> {
  const mapIds = new Set<number>()
  const leftOut: Diagnostic[] = []
  for (const { resource, place } of resources) {
    const read = readConceptMap(resource, place)
    if (!read.ok) throw new CaregapError('input', read.diagnostics)
    leftOut.push(...read.diagnostics)
    for (const map of read.value) {
      try {
        mapIds.add(await proposeMap(context, map))
      } catch (thrown) {
        if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
        leftOut.push(...thrown.diagnostics.map((one): Diagnostic => ({ ...one, severity: 'warning', place })))
      }
    }
  }
  return { mapIds: [...mapIds], leftOut }
}

function conceptMapsIn(resource: unknown): readonly unknown[] {
  if (!isObject(resource)) return []
  if (resource['resourceType'] === 'ConceptMap') return [resource]
  const entries = resource['resourceType'] === 'Bundle' ? resource['entry'] : undefined
  return Array.isArray(entries)
    ? entries.flatMap((entry: unknown) => (isObject(entry) ? conceptMapsIn(entry['resource']) : []))
    : []
}

/** The maps of a state as ConceptMaps are exchanged: those that are applied, or those that wait for a decision. */
export const conceptMapIds = { approved: 'caregap-approved', proposed: 'caregap-proposed' } as const

/** The maps of one state as a ConceptMap. */
export async function storedConceptMap(
  { session }: Pick<Store, 'session'>,
  state: keyof typeof conceptMapIds,
): Promise<Resource> {
  const maps = (await readCodeMaps(session)).filter((map) => map.state === state && map.kind !== 'day')
  const dates = maps.map(({ approvedAt, proposedAt }) => approvedAt ?? proposedAt).sort()
  const date = dates.at(-1)
  const status = state === 'approved' ? 'active' : 'draft'
  return conceptMapOf({ id: conceptMapIds[state], status, ...(date === undefined ? {} : { date }) }, maps)
}
