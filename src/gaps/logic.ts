import type { InstalledMeasure } from '../content/index.ts'
import type { ElmLibrary, ElmNode, ElmStatement } from '../elm/index.ts'
import { measureDefines } from '../measure/index.ts'

/** A define by the library that holds it. */
export interface DefineName {
  readonly library: string
  readonly define: string
}

/** A measure's logic, ready to be walked: statements by name, references resolved through includes. */
export interface Logic {
  readonly main: string
  /** Index of a main-library define among the stored letters. */
  readonly indexOf: ReadonlyMap<string, number>
  readonly defines: readonly string[]
  /** The definition of that name, if it is not a function. */
  expression(name: DefineName): ElmNode | undefined
  /** The definition or, of a function, the bodies of all its overloads. */
  bodies(name: DefineName): readonly ElmNode[]
  /** What an ExpressionRef or FunctionRef in `library` names. */
  target(reference: ElmNode, library: string): DefineName | undefined
}

const logics = new WeakMap<InstalledMeasure, Logic>()

/** The logic of a measure; made once per installed measure. */
export function logicOf(measure: InstalledMeasure): Logic {
  const known = logics.get(measure)
  if (known !== undefined) return known
  const logic = readLogic(measure)
  logics.set(measure, logic)
  return logic
}

function readLogic(measure: InstalledMeasure): Logic {
  const libraries = new Map(measure.closure.libraries.map((library) => [library.identifier.id, library]))
  libraries.set(measure.closure.main.identifier.id, measure.closure.main)
  const statements = new Map([...libraries].map(([id, library]) => [id, statementsOf(library)]))
  const named = (name: DefineName) => statements.get(name.library)?.get(name.define) ?? []
  const defines = measureDefines(measure)
  return {
    main: measure.closure.main.identifier.id,
    defines,
    indexOf: new Map(defines.map((name, index) => [name, index])),
    expression: (name) => named(name).find(({ type }) => type !== 'FunctionDef')?.expression,
    bodies: (name) => named(name).flatMap(({ expression }) => (expression === undefined ? [] : [expression])),
    target(reference, library) {
      const define = reference['name']
      if (typeof define !== 'string') return undefined
      const alias = reference['libraryName']
      if (typeof alias !== 'string') return { library, define }
      const path = libraries.get(library)?.includes?.def.find((included) => included.localIdentifier === alias)?.path
      return path === undefined ? undefined : { library: path.split('/').at(-1) ?? path, define }
    },
  }
}

function statementsOf(library: ElmLibrary): ReadonlyMap<string, readonly ElmStatement[]> {
  const byName = new Map<string, ElmStatement[]>()
  for (const statement of library.statements?.def ?? []) {
    byName.set(statement.name, [...(byName.get(statement.name) ?? []), statement])
  }
  return byName
}

/** The operands of an ELM node, whether it has one or several. */
export function operandsOf(node: ElmNode): readonly ElmNode[] {
  const operand = node['operand']
  if (Array.isArray(operand)) return operand as readonly ElmNode[]
  return operand === undefined ? [] : [operand as ElmNode]
}
