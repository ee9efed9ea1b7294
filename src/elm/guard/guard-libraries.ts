import type { Diagnostic } from '../../base/index.ts'
import { startOf, walkElm } from '../elm-walk.ts'
import type { ElmLibrary, ElmNode, ElmStatement, LibraryClosure } from '../library.ts'
import { type ReachableStatement, reachableStatements } from '../reachable.ts'
import { guardNesting } from './guard-nesting.ts'
import { interpreterFaults, type SilentFault } from './interpreter-faults.ts'
import { interpreterOperators } from './interpreter-operators.ts'

/** What an engine can evaluate: a table of node types, and the uses of them that it gets wrong in silence. */
export interface EngineSupport {
  readonly name: string
  readonly operators: ReadonlySet<string>
  readonly faults: readonly SilentFault[]
}

export const interpreterSupport: EngineSupport = {
  name: 'interpreter',
  operators: interpreterOperators,
  faults: interpreterFaults,
}

/**
 * Everything in the logic that the engine cannot evaluate rightly, reachable from the given defines of the main library
 * (all of them where absent): a define that is not there, a reference that leads nowhere, a node type that the
 * engine does not know, a known silent fault. Each is an error with library, define, line and column.
 */
export function guardLibraries(
  closure: LibraryClosure,
  defines?: readonly string[],
  engine: EngineSupport = interpreterSupport,
): readonly Diagnostic[] {
  const known = new Set(closure.main.statements?.def.map((statement) => statement.name))
  const missing = (defines ?? [])
    .filter((define) => !known.has(define))
    .map((define) =>
      guardError('missing-define', 'The library has no such define.', 'Name one that it has.', closure.main, {
        define,
      }),
    )
  const nesting = guardNesting(closure, defines)
  if (nesting.length > 0) return [...missing, ...nesting]
  const parameters = closure.libraries.flatMap((library) => parameterDefaults(library))
  const wrong = closure.libraries.flatMap(periodParameters)
  const statements = [...reachableStatements(closure, defines), ...parameters]
  return [...missing, ...wrong, ...statements.flatMap((statement) => guardStatement(statement, closure, engine))]
}

/** Defaults of parameters are expressions too, and are evaluated whenever no value is given. */
function parameterDefaults(library: ElmLibrary): readonly ReachableStatement[] {
  return (library.parameters?.def ?? []).flatMap((parameter) => {
    const expression = parameter['default'] as ElmNode | undefined
    return expression === undefined ? [] : [{ library, statement: { name: parameter.name, expression } }]
  })
}

/** The period that is given is an interval of dates: the interpreter throws where a library declares it otherwise. */
function periodParameters(library: ElmLibrary): readonly Diagnostic[] {
  const period = library.parameters?.def.find((parameter) => parameter.name === 'Measurement Period')
  const specifier = period?.['parameterTypeSpecifier'] as ElmNode | undefined
  const point = (specifier?.['pointType'] as ElmNode | undefined)?.['name']
  const declared = period !== undefined && (specifier !== undefined || period['parameterType'] !== undefined)
  if (!declared || /\}Date(Time)?$/.test(String(point))) return []
  const message = 'The parameter "Measurement Period" is given an interval of dates; it is declared as another type.'
  const remedy = 'Declare it as Interval<DateTime> or Interval<Date>.'
  const locator = period['locator']
  const place = { define: period.name, ...startOf(typeof locator === 'string' ? locator : undefined) }
  return [guardError('parameter-type', message, remedy, library, place)]
}

function guardStatement(
  { library, statement }: ReachableStatement,
  closure: LibraryClosure,
  engine: EngineSupport,
): readonly Diagnostic[] {
  if (statement.expression === undefined) return externalFunction(library, statement)
  const found: Diagnostic[] = []
  walkElm(statement.expression, (node, locator) => {
    const place = {
      define: statement.name,
      ...startOf(locator),
      ...(node.localId === undefined ? {} : { localId: node.localId }),
    }
    for (const { code, message, remedy } of guardNode(node, library, closure, engine)) {
      found.push(guardError(code, message, remedy, library, place))
    }
  })
  return found
}

interface Objection {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

function guardNode(
  node: ElmNode,
  library: ElmLibrary,
  closure: LibraryClosure,
  engine: EngineSupport,
): readonly Objection[] {
  // Clauses of a query and elements of a tuple have no type: their parent evaluates them.
  if (node.type === undefined) return []
  if (!engine.operators.has(node.type)) {
    const message = `The ${engine.name} does not know the operator ${node.type}: it would become null.`
    return [{ code: 'unsupported-operator', message, remedy: 'Write it with operators that are supported.' }]
  }
  const faults = engine.faults
    .filter((fault) => fault.applies(node))
    .map((fault) => ({
      code: fault.code,
      message: `The ${engine.name} ${fault.fault} (${node.type}).`,
      remedy: 'Write it in another way.',
    }))
  return [...faults, ...danglingReference(node, library, closure)]
}

function danglingReference(node: ElmNode, library: ElmLibrary, closure: LibraryClosure): readonly Objection[] {
  if (node.type !== 'ExpressionRef' && node.type !== 'FunctionRef') return []
  const localName = node['libraryName']
  const include = library.includes?.def.find((candidate) => candidate.localIdentifier === localName)
  const target = typeof localName === 'string' ? include?.path.split('/').at(-1) : library.identifier.id
  const holder = closure.libraries.find((candidate) => candidate.identifier.id === target)
  if (holder?.statements?.def.some((statement) => statement.name === node['name']) === true) return []
  const message = `"${String(node['name'])}" of library ${target ?? String(localName)} is not there.`
  return [{ code: 'dangling-reference', message, remedy: 'Translate the library anew with all that it includes.' }]
}

function externalFunction(library: ElmLibrary, { name, locator }: ElmStatement): readonly Diagnostic[] {
  const message = 'The function is external: it has no body that could be evaluated.'
  const place = { define: name, ...startOf(typeof locator === 'string' ? locator : undefined) }
  return [guardError('external-function', message, 'Define it in CQL.', library, place)]
}

function guardError(
  code: string,
  message: string,
  remedy: string,
  library: ElmLibrary,
  place: NonNullable<Diagnostic['place']>,
): Diagnostic {
  return {
    code: `elm/${code}`,
    severity: 'error',
    message,
    place: { library: library.identifier.id, ...place },
    remedy,
  }
}
