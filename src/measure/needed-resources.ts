import {
  type Coding,
  foldSystem,
  isObject,
  type PersonRecord,
  patientCompartment,
  type RecordEntry,
} from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { CodeNeed, DataNeed } from './data-needs.ts'

/**
 * The entries of a record that a measure's logic may read: of a type that it retrieves, with one of the codes that it looks
 * for, and what these refer to that is nobody's own (a medication, a location). In the record's order.
 */
export function neededEntries(
  record: PersonRecord,
  needs: readonly DataNeed[],
  valueSets: ValueSets,
): readonly RecordEntry[] {
  const tests = needs.map((need) => ({ type: need.type, holds: codeTest(need.codes, valueSets) }))
  const own = record.entries.filter((entry) =>
    tests.some(({ type, holds }) => type === entry.type && holds(entry.resource)),
  )
  const referred = new Set(own.flatMap(({ resource }) => referencesIn(resource)))
  const kept = new Set(own)
  return record.entries.filter(
    (entry) =>
      kept.has(entry) ||
      (entry.type !== 'Patient' &&
        patientCompartment[entry.type] === undefined &&
        referred.has(`${entry.type}/${entry.resource.id ?? ''}`)),
  )
}

type CodeTest = (resource: Readonly<Record<string, unknown>>) => boolean

function codeTest(need: CodeNeed | undefined, valueSets: ValueSets): CodeTest {
  if (need === undefined) return () => true
  const members = need.valueSet === undefined ? need.codes : (valueSets.find(need.valueSet)?.members ?? [])
  const keys = new Set(members.map(keyOf))
  const { path } = need
  return (resource) => {
    // A code behind a reference (of a medication, say) cannot be decided here: such a resource may be read.
    if (resource[`${path}Reference`] !== undefined) return true
    return codingsIn(resource[path] ?? resource[`${path}CodeableConcept`]).some((coding) => keys.has(keyOf(coding)))
  }
}

const keyOf = ({ system, code }: Coding): string => `${system === undefined ? '' : foldSystem(system)}|${code ?? ''}`

function codingsIn(value: unknown): readonly Coding[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(codingsIn)
  if (!isObject(value)) return []
  if (Array.isArray(value['coding'])) return codingsIn(value['coding'])
  return typeof value['code'] === 'string' ? [value] : []
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(referencesIn)
  if (!isObject(value)) return []
  const own = typeof value['reference'] === 'string' ? [value['reference']] : []
  return [...own, ...Object.values(value).flatMap(referencesIn)]
}
