import type { InstalledMeasure } from '../content/index.ts'
import type { ElmLibrary } from '../elm/index.ts'

/**
 * The defines of the main library that a measure's result rests on, in the library's order: its population and
 * stratifier criteria, its due date, those with a phrase, and what they refer to in that library. One letter is stored for each.
 */
export function measureDefines(measure: InstalledMeasure): readonly string[] {
  const { main } = measure.closure
  const references = referencesOf(main)
  const wanted = new Set<string>()
  const visit = (name: string): void => {
    if (wanted.has(name)) return
    wanted.add(name)
    for (const next of references.get(name) ?? []) visit(next)
  }
  for (const group of measure.groups) {
    for (const population of group.populations) visit(population.define)
    for (const stratifier of group.stratifiers ?? []) for (const { define } of stratifier.criteria) visit(define)
  }
  if (measure.dueDate !== undefined) visit(measure.dueDate)
  for (const name of measure.phrases.keys()) if (references.has(name)) visit(name)
  const statements = (main.statements?.def ?? []).map((statement) => statement.name)
  const known = new Set(references.keys())
  // A criterion that names no define stays in the list: the interpreter refuses it by name.
  const missing = [...wanted].filter((name) => !known.has(name))
  return [...new Set(statements.filter((name) => wanted.has(name) && known.has(name))), ...missing]
}

/** By define, the expressions of the same library that it names, through functions too. `Patient` is none of them. */
function referencesOf(library: ElmLibrary): ReadonlyMap<string, ReadonlySet<string>> {
  const statements = (library.statements?.def ?? []).filter((statement) => statement.name !== 'Patient')
  const defines = new Set(statements.filter((statement) => statement.type !== 'FunctionDef').map(({ name }) => name))
  const direct = new Map<string, Set<string>>()
  for (const statement of statements) {
    const names = direct.get(statement.name) ?? new Set<string>()
    gather(statement.expression, names)
    direct.set(statement.name, names)
  }
  return new Map([...defines].map((name) => [name, throughFunctions(direct.get(name), direct, defines)]))
}

function throughFunctions(
  names: ReadonlySet<string> | undefined,
  direct: ReadonlyMap<string, ReadonlySet<string>>,
  defines: ReadonlySet<string>,
  seen = new Set<string>(),
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const name of names ?? []) {
    if (defines.has(name)) found.add(name)
    else if (!seen.has(name)) {
      seen.add(name)
      for (const next of throughFunctions(direct.get(name), direct, defines, seen)) found.add(next)
    }
  }
  return found
}

/** Names that ExpressionRef and FunctionRef nodes without a library name refer to. */
function gather(node: unknown, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  const { type, name, libraryName } = node as { type?: unknown; name?: unknown; libraryName?: unknown }
  const isReference = type === 'ExpressionRef' || type === 'FunctionRef'
  if (isReference && typeof name === 'string' && libraryName === undefined) names.add(name)
  for (const child of Object.values(node)) gather(child, names)
}
