import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../../src/base/index.ts'

/** The bundled export; CAREGAP_DEMO points at another generated folder to look at before it is bundled. */
export const demoFolder = process.env.CAREGAP_DEMO ?? join(projectRoot, 'datasets', 'demo')
export const sourceZones: Readonly<Record<string, string>> = {
  lakeside: 'America/Chicago',
  northgate: 'America/New_York',
  harbor: 'America/Los_Angeles',
}

export type Json = { readonly [key: string]: unknown }

/** The lines of a gzip NDJSON file, parsed. */
export const readLines = <T = Json>(path: string): T[] =>
  gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

export interface TruePerson {
  readonly person: string
  readonly panel: 'community' | 'registry' | 'stray'
  readonly focus?: string
  readonly birthDate: string
  readonly sex: string
  readonly died?: string
  readonly linkable?: false
  readonly patients: readonly { readonly source: string; readonly id: string }[]
}

export const truePersons = (): TruePerson[] => readLines(join(demoFolder, 'truth', 'persons.ndjson.gz'))

/** A resource with the source that it came from. */
export interface Sourced {
  readonly source: string
  readonly resource: Json
}

/** Every resource of the bundled export. */
export function* demoResources(): Generator<Sourced> {
  for (const source of Object.keys(sourceZones))
    for (const file of readdirSync(join(demoFolder, source)).sort())
      if (file.endsWith('.ndjson.gz'))
        for (const resource of readLines(join(demoFolder, source, file))) yield { source, resource }
}

/** The source patient that a resource is about, as `source/id`; undefined for the workforce. */
export function patientOf({ source, resource }: Sourced): string | undefined {
  if (resource.resourceType === 'Patient') return `${source}/${String(resource.id)}`
  const pointer = (resource.subject ?? resource.patient ?? resource.beneficiary) as { reference?: string } | undefined
  const reference = pointer?.reference ?? appointmentPatient(resource)
  return reference === undefined ? undefined : `${source}/${reference.replace('Patient/', '')}`
}

function appointmentPatient(resource: Json): string | undefined {
  const participants = (resource.participant ?? []) as { actor?: { reference?: string } }[]
  return participants.map((one) => one.actor?.reference).find((reference) => reference?.startsWith('Patient/'))
}
