import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import type { PersonMeasureResult, RunMeasureSummary } from '../../store/index.ts'
import { mainText } from '../measure/logic-panel.tsx'
import { textsOfDefines } from '../parts/define-text.ts'

/** A define as it came out for one person, with the defines that it reads. */
export interface LogicNode {
  readonly name: string
  /** The stored letter; undefined where the run kept none for this define. */
  readonly letter: string | undefined
  /** How many resources its value holds. */
  readonly held: number
  readonly text: string | undefined
  readonly children: readonly LogicNode[]
  /** It stands above already with its own parts, which are not repeated here. */
  readonly repeated: boolean
}

/** A population of a measure with the tree of its define. */
export interface PopulationTree {
  readonly code: MeasureGroup['populations'][number]['code']
  readonly root: LogicNode
}

/**
 * The logic of a group for one person: a tree per population. What a define reads comes from the
 * translated library, in order of appearance; defines of included libraries are left to the CQL text.
 */
export function populationTrees(
  measure: InstalledMeasure,
  group: MeasureGroup,
  result: PersonMeasureResult,
  runMeasure: RunMeasureSummary,
): PopulationTree[] {
  const texts = textsOfDefines(mainText(measure))
  const references = referencesOfDefines(measure)
  const shown = new Set<string>()
  const node = (name: string): LogicNode => {
    const index = runMeasure.defines.indexOf(name)
    const repeated = shown.has(name)
    shown.add(name)
    return {
      name,
      letter: index === -1 ? undefined : result.defines[index],
      held: result.evidence.filter(({ define }) => define === index).length,
      text: texts.get(name),
      children: repeated ? [] : (references.get(name) ?? []).map(node),
      repeated: repeated && (references.get(name) ?? []).length > 0,
    }
  }
  return group.populations.map(({ code, define }) => ({ code, root: node(define) }))
}

/** By define of the main library, the defines of that library that it reads, directly or through a function. */
function referencesOfDefines(measure: InstalledMeasure): ReadonlyMap<string, readonly string[]> {
  const statements = (measure.closure.main.statements?.def ?? []).filter(({ name }) => name !== 'Patient')
  const functions = new Set(statements.filter(({ type }) => type === 'FunctionDef').map(({ name }) => name))
  const direct = new Map<string, string[]>()
  for (const { name, expression } of statements) direct.set(name, [...(direct.get(name) ?? []), ...namesIn(expression)])
  const through = (name: string, seen: ReadonlySet<string>): string[] =>
    (direct.get(name) ?? []).flatMap((next) => {
      if (next === name || seen.has(next)) return []
      return functions.has(next) ? through(next, new Set([...seen, next])) : [next]
    })
  return new Map(
    [...direct.keys()]
      .filter((name) => !functions.has(name))
      .map((name) => [name, [...new Set(through(name, new Set()))].filter((next) => direct.has(next))]),
  )
}

/** Names of the same library that an expression refers to, in order of appearance. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { type, name, libraryName } = value as { type?: unknown; name?: unknown; libraryName?: unknown }
  const refers = (type === 'ExpressionRef' || type === 'FunctionRef') && libraryName === undefined
  const below = Object.values(value).flatMap(namesIn)
  return refers && typeof name === 'string' ? [name, ...below] : below
}
