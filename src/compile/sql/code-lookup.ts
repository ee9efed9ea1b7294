import { Code, Concept, isList, type Value, Vocabulary } from '../../core/index.ts'
import { expansionsOf } from '../../direct/index.ts'
import { foldSystem } from '../../fhir/index.ts'
import type { DataSource } from '../../plan/index.ts'
import type { ConceptCoding, SetTables } from '../../store/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import type { StoredData } from './held-elements.ts'

type Meets = (code: string, system: string | null) => boolean

function withoutCode(codings: readonly ConceptCoding[]): readonly number[] {
  const coded = new Set(codings.filter(({ code }) => code !== null).map(({ cid }) => cid))
  return [...new Set(codings.map(({ cid }) => cid).filter((cid) => !coded.has(cid)))]
}

/** What a plan needs of the store and the terminology: tables by type, and which stored concepts meet wanted codes. */
export function dataSourceOf(tables: SetTables, { codings, types }: StoredData, valueSets: ValueSets): DataSource {
  const expansion = expansionsOf(valueSets)
  const meeting = (meets: Meets): readonly number[] => [
    ...new Set(codings.filter(({ code, system }) => code !== null && meets(code, system)).map((coding) => coding.cid)),
  ]
  return {
    typedTable: (type) => tables.typed.get(type),
    factsOf: (type) => types.get(type),
    codings: tables.codings,
    notDone: tables.notDone,
    cidsOf(wanted, comparator) {
      if (wanted instanceof Vocabulary) {
        const set = comparator === '~' ? undefined : expansion(wanted)
        return set === undefined ? undefined : meeting((code, system) => set.has(code, system))
      }
      const codes = codesOf(wanted)
      return codes === undefined ? undefined : meeting((code, system) => codes.has(keyOf(code, system)))
    },
    cidsWhere: meeting,
    cidsWithoutCode: () => withoutCode(codings),
    codesOf: (valueSet) => (valueSet instanceof Vocabulary ? expansion(valueSet)?.codes : undefined),
  }
}

const keyOf = (code: string | null, system: string | null): string => JSON.stringify([code, system])

/** The codes that a value holds, their systems folded as stored ones are; undefined where it holds something else. */
function codesOf(wanted: Value): ReadonlySet<string> | undefined {
  const codes = flatCodes(wanted)
  if (codes === undefined) return undefined
  return new Set(codes.map(({ code, system }) => keyOf(code, system === null ? null : foldSystem(system))))
}

function flatCodes(wanted: Value): readonly Code[] | undefined {
  if (wanted instanceof Code) return [wanted]
  if (wanted instanceof Concept) return wanted.codes
  if (!isList(wanted)) return undefined
  const parts = wanted.map(flatCodes)
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}
