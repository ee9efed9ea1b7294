import { contentHash } from '../base/index.ts'
import type { ElmLibrary, ElmNode } from '../elm/index.ts'
import type { InstalledMeasure } from './measure.ts'

/**
 * A measure whose parameters of these names have these values by default, in every library that declares them. It is another
 * measure than the installed one, and its hash says so: what was stored of that is nothing of this.
 */
export function withParameters(measure: InstalledMeasure, values: ReadonlyMap<string, ElmNode>): InstalledMeasure {
  const concerned = ({ parameters }: ElmLibrary) => (parameters?.def ?? []).some(({ name }) => values.has(name))
  const { closure } = measure
  if (!closure.libraries.some(concerned)) return measure
  const changed = new Map(closure.libraries.filter(concerned).map((one) => [one, withDefaults(one, values)]))
  const libraries = closure.libraries.map((one) => changed.get(one) ?? one)
  const main = changed.get(closure.main) ?? closure.main
  const mark = JSON.stringify([...values].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return {
    ...measure,
    closure: { ...closure, main, libraries, hash: contentHash(closure.hash, mark) },
    contentHash: contentHash(measure.contentHash, mark),
  }
}

function withDefaults(library: ElmLibrary, values: ReadonlyMap<string, ElmNode>): ElmLibrary {
  const def = (library.parameters?.def ?? []).map((one) => {
    const value = values.get(one.name)
    return value === undefined ? one : { ...one, default: value }
  })
  return { ...library, parameters: { ...library.parameters, def } }
}
