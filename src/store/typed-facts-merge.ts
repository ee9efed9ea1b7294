import { typedFields } from '../fhir/index.ts'
import { mostProfiles, type TypedFacts } from './typed-facts.ts'
import { mostUnits } from './typed-units.ts'
import type { StoredValueFacts } from './typed-values.ts'

/** What holds of rows of which some have in common the one and all others the other; at least one row is of each. */
export function mergeFacts(type: string, one: TypedFacts, other: TypedFacts): TypedFacts {
  const told = new Set(
    [...one.whole, ...one.partial].filter((name) => other.whole.has(name) || other.partial.has(name)),
  )
  const partial = new Set([...told].filter((name) => one.partial.has(name) || other.partial.has(name)))
  const fields = (typedFields(type) ?? []).filter(({ name }) => told.has(name))
  const keys = new Set(fields.flatMap(({ options }) => options.map(({ key }) => key)))
  const isTold = (path: string): boolean => keys.has(path.split('.', 1)[0] ?? '')
  const columns = (of: (facts: TypedFacts) => ReadonlyMap<string, unknown>): readonly string[] => [
    ...new Set([one, other].flatMap((facts) => [...of(facts).keys()].filter(isTold))),
  ]
  const profiles = mergeProfiles(one.profiles, other.profiles)
  return {
    isEmpty: one.isEmpty && other.isEmpty,
    whole: new Set([...told].filter((name) => !partial.has(name))),
    partial,
    unfilled: new Set(
      [...one.unfilled, ...other.unfilled].filter(
        (path) => isTold(path) && isUnfilled(one, path) && isUnfilled(other, path),
      ),
    ),
    concepts: new Map(
      columns(({ concepts }) => concepts).map((key) => [
        key,
        new Set([...(one.concepts.get(key) ?? []), ...(other.concepts.get(key) ?? [])]),
      ]),
    ),
    values: new Map(
      columns(({ values }) => values)
        .map((key) => [key, mergeValues(one.values.get(key), other.values.get(key))] as const)
        .filter(([, facts]) => Object.keys(facts).length > 0),
    ),
    units: new Map(
      columns(({ units }) => units).map((key) => [
        key,
        [...new Set([...(one.units.get(key) ?? []), ...(other.units.get(key) ?? [])])].slice(0, mostUnits),
      ]),
    ),
    ...(profiles === undefined ? {} : { profiles }),
  }
}

/** What lies within something that nothing fills is not named of its own. */
function isUnfilled({ unfilled }: TypedFacts, path: string): boolean {
  const parts = path.split('.')
  return parts.some((_, index) => unfilled.has(parts.slice(0, index + 1).join('.')))
}

/** Of a time without facts there is no value; of a structure without facts nothing is known. */
function mergeValues(one: StoredValueFacts = {}, other: StoredValueFacts = {}): StoredValueFacts {
  const keys = new Set([one, other].flatMap(({ parts = {} }) => Object.keys(parts)))
  const parts = [...keys].flatMap((key) => {
    const [mine, its] = [one.parts?.[key], other.parts?.[key]]
    const always = mine?.always === true && its?.always === true
    const facts = { ...mergeValues(mine, its), ...(always ? { always: true as const } : {}) }
    return Object.keys(facts).length === 0 ? [] : [[key, facts] as const]
  })
  return {
    ...mergeTimes(one, other),
    ...(one.isOrdered === true && other.isOrdered === true ? { isOrdered: true } : {}),
    ...(parts.length === 0 ? {} : { parts: Object.fromEntries(parts) }),
  }
}

function mergeTimes(one: StoredValueFacts, other: StoredValueFacts): StoredValueFacts {
  const [first, ...more] = [one, other].filter(({ least }) => least !== undefined)
  if (first === undefined) return {}
  const all = [first, ...more]
  const [least, most] = [Math.min(...all.map((of) => of.least ?? 1)), Math.max(...all.map((of) => of.most ?? 7))]
  const { offset } = first
  return { least, most, ...(offset !== undefined && all.every((of) => of.offset === offset) ? { offset } : {}) }
}

type Profiles = TypedFacts['profiles']

function mergeProfiles(one: Profiles, other: Profiles): Profiles {
  if (one === undefined || other === undefined) return undefined
  const all = new Map([...one, ...other].map((named) => [JSON.stringify(named), named]))
  return all.size > mostProfiles ? undefined : [...all.values()]
}
