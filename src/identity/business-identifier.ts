import { isObject } from '../fhir/index.ts'

const npiSystem = 'http://hl7.org/fhir/sid/us-npi'
const tinSystem = 'urn:oid:2.16.840.1.113883.4.4'

/** The NPI among a resource's identifiers; undefined where there is none. */
export const npiOf = (identifiers: unknown): string | undefined => valueOf(identifiers, npiSystem)

/** The TIN (nine digits) among a resource's identifiers; undefined where there is none. */
export const tinOf = (identifiers: unknown): string | undefined => valueOf(identifiers, tinSystem)?.replaceAll('-', '')

function valueOf(identifiers: unknown, system: string): string | undefined {
  const all: readonly unknown[] = Array.isArray(identifiers) ? identifiers : []
  const found = all.filter(isObject).find((one) => one['system'] === system && typeof one['value'] === 'string')
  return found === undefined ? undefined : String(found['value'])
}
