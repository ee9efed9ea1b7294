import type { InstalledMeasure, MeasureGroup, MeasureObservation } from '../content/index.ts'
import type { ElmLibrary, ElmNode, ElmStatement, LibraryClosure } from '../elm/index.ts'
import { measureDefines } from './measure-defines.ts'

/** The logic of a measure as an engine is asked for it. */
export interface MeasureLogic {
  /** The measure's closure, with a define added to the main library for each observation. */
  readonly closure: LibraryClosure
  /** The defines that are stored: those of `measureDefines`. */
  readonly defines: readonly string[]
  /** The added defines. */
  readonly observations: readonly string[]
}

const known = new WeakMap<InstalledMeasure, MeasureLogic>()

/**
 * A measure's logic with its observations as defines. An observation is a function of a member; no engine is asked
 * for functions, so a define is added that calls it for each member of the observed population, in that list's
 * order: a list of values, one for each member that is not null. For a boolean basis it is the function's value.
 */
export function logicOf(measure: InstalledMeasure): MeasureLogic {
  const made = known.get(measure) ?? makeLogic(measure)
  known.set(measure, made)
  return made
}

function makeLogic(measure: InstalledMeasure): MeasureLogic {
  const { closure } = measure
  const added = new Map<string, ElmStatement>()
  for (const group of measure.groups) {
    for (const observation of group.observations ?? []) {
      const name = observationDefine(group, observation)
      added.set(name, { name, context: 'Patient', accessLevel: 'Public', expression: callOf(group, observation) })
    }
  }
  const statements = { def: [...(closure.main.statements?.def ?? []), ...added.values()] }
  const main: ElmLibrary = added.size === 0 ? closure.main : { ...closure.main, statements }
  const libraries = closure.libraries.map((library) =>
    library === closure.main || isSame(library, main) ? main : library,
  )
  return {
    closure: added.size === 0 ? closure : { ...closure, main, libraries },
    defines: measureDefines(measure),
    observations: [...added.keys()],
  }
}

const isSame = (a: ElmLibrary, b: ElmLibrary) => a.identifier.id === b.identifier.id

/** The name of the define that is added for an observation. No CQL define of a measure begins with a colon. */
export const observationDefine = (group: MeasureGroup, { define, population }: MeasureObservation): string =>
  `:${define} of ${observedCriterion(group, { population })}`

/** The define of the population that an observation looks at. */
export function observedCriterion(group: MeasureGroup, { population }: Pick<MeasureObservation, 'population'>): string {
  return group.populations.find(({ code }) => code === population)?.define ?? ''
}

function callOf(group: MeasureGroup, observation: MeasureObservation): ElmNode {
  const call = (operand: readonly ElmNode[]): ElmNode => ({ type: 'FunctionRef', name: observation.define, operand })
  if (group.basis === 'boolean') return call([])
  const member: ElmNode = { type: 'AliasRef', name: 'Member' }
  return {
    type: 'Query',
    source: [{ alias: 'Member', expression: { type: 'ExpressionRef', name: observedCriterion(group, observation) } }],
    let: [],
    relationship: [],
    where: { type: 'Not', operand: { type: 'IsNull', operand: member } },
    return: { distinct: false, expression: call([member]) },
  }
}
