import type { Diagnostic, Place } from '../../base/index.ts'
import type { ElmLibrary, ElmNode, ElmStatement, LibraryClosure } from '../../elm/index.ts'
import type { ModelInfo } from '../../fhir/index.ts'
import { declaredType, typeOfName, typeOfSpecifier } from '../elm-type.ts'
import type { Body, Core, CoreNode, FunctionBody, Origin, Parameter, Variable } from '../node.ts'
import { anyType, type CoreType, formatType, isAny, sameType } from '../type.ts'
import { choiceTable } from './choice.ts'
import type { Context, FunctionHandle, LowerNode, Program, Scope } from './context.ts'
import { Depth } from './depth.ts'
import { lowerOperator } from './operator.ts'
import { queryTable } from './query.ts'
import { referenceTable } from './reference.ts'
import { retrieveTable } from './retrieve.ts'
import { selectorTable } from './selector.ts'
import { tooDeep } from './too-deep.ts'

/** Nodes that are no operators: each with how it is lowered. The rest stands in the operator table. */
const nodeTable: Readonly<Record<string, LowerNode>> = {
  ...selectorTable,
  ...referenceTable,
  ...choiceTable,
  ...queryTable,
  ...retrieveTable,
}

/** A program that lowers bodies when they are first asked for, and keeps what it made and what it found wrong. */
export interface Lowering extends Program {
  readonly diagnostics: readonly Diagnostic[]
  /** Lowers all overloads of a function; false where there is none. */
  lowerFunctions(library: string, name: string): boolean
  core(): Core
}

type Made<T> = T | 'busy'

/** Starts lowering of a closure. */
export function createLowering(closure: LibraryClosure, model: ModelInfo): Lowering {
  const keyOf = libraryKeys(closure.libraries)
  const libraries = new Map(closure.libraries.map((library) => [keyOf(library), library]))
  const defines = new Map<string, Made<Body>>()
  const functions = new Map<string, Made<FunctionBody>>()
  const parameters = new Map<string, Parameter>()
  const diagnostics: Diagnostic[] = []
  const statements = indexStatements(libraries)

  const program: Lowering = {
    model,
    diagnostics,
    depth: new Depth(),
    report: (diagnostic) => void diagnostics.push(diagnostic),
    libraryNamed: (name, version) => libraries.get(name) ?? libraries.get(`${name}|${version}`),
    keyOf,
    defineType(library, name) {
      const key = `${library}.${name}`
      const known = defines.get(key)
      if (known === 'busy') return anyType
      if (known !== undefined) return known.root.type
      const statement = statements.get(key)?.find((one) => one.type !== 'FunctionDef')
      const home = libraries.get(library)
      if (statement === undefined || home === undefined) return undefined
      defines.set(key, 'busy')
      const body = program.depth.ofBody(key, () => lowerBody(statement.expression, home, statement, [], program))
      defines.set(key, body)
      return body.root.type
    },
    findFunction(library, name, args, signature) {
      const home = libraries.get(library)
      const candidates = (statements.get(`${library}.${name}`) ?? []).filter((one) => one.type === 'FunctionDef')
      const statement = chooseFunction(candidates, signature ?? args.map((arg) => arg.type), args.length)
      if (statement === undefined || home === undefined) return 'unknown'
      if (statement['external'] === true || statement.expression === undefined) return 'external'
      return functionHandle(`${library}.${name}`, statement, home)
    },
    lowerFunctions(library, name) {
      const home = libraries.get(library)
      const overloads = (statements.get(`${library}.${name}`) ?? []).filter((one) => one.type === 'FunctionDef')
      if (home !== undefined) for (const one of overloads) functionHandle(`${library}.${name}`, one, home)
      return overloads.length > 0
    },
    parameterType(library, name) {
      const key = `${library}.${name}`
      const home = libraries.get(library)
      const found = home?.parameters?.def.find((one) => one.name === name)
      if (home === undefined || found === undefined) return undefined
      const known = parameters.get(key)
      if (known !== undefined) return known.type
      const parameter = lowerParameter(found, home, program)
      parameters.set(key, parameter)
      return parameter.type
    },
    core: () => ({
      main: keyOf(closure.main),
      defines: finished(defines),
      functions: finished(functions),
      parameters,
    }),
  }

  function functionHandle(name: string, statement: ElmStatement, home: ElmLibrary): FunctionHandle | 'recursive' {
    const types = operandTypes(statement)
    const key = `${name}(${types.map(formatType).join(', ')})`
    const known = functions.get(key)
    if (known === 'busy') return 'recursive'
    if (known !== undefined) return { key, type: known.root.type }
    functions.set(key, 'busy')
    const operands = operandNames(statement).map((operand, id) => ({ id, name: operand, type: types[id] ?? anyType }))
    const lowered = program.depth.ofBody(key, () => lowerBody(statement.expression, home, statement, operands, program))
    const body = { ...lowered, operands }
    functions.set(key, body)
    return { key, type: body.root.type }
  }
  return program
}

function finished<T>(made: ReadonlyMap<string, Made<T>>): ReadonlyMap<string, T> {
  const done = [...made].filter((entry): entry is [string, T] => entry[1] !== 'busy')
  return new Map(done)
}

function indexStatements(libraries: ReadonlyMap<string, ElmLibrary>): ReadonlyMap<string, readonly ElmStatement[]> {
  const index = new Map<string, ElmStatement[]>()
  for (const [library, { statements }] of libraries) {
    for (const statement of statements?.def ?? []) {
      const key = `${library}.${statement.name}`
      index.set(key, [...(index.get(key) ?? []), statement])
    }
  }
  return index
}

/** Ids of libraries, with the version where two versions of one stand in the closure: they are two libraries. */
function libraryKeys(libraries: readonly ElmLibrary[]): (library: ElmLibrary) => string {
  const ids = libraries.map((library) => library.identifier.id)
  const shared = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
  return ({ identifier: { id, version } }) => (shared.has(id) ? `${id}|${version}` : id)
}

const operandsOf = (statement: ElmStatement): readonly ElmNode[] => (statement['operand'] ?? []) as readonly ElmNode[]
const operandNames = (statement: ElmStatement): readonly string[] =>
  operandsOf(statement).map((operand) => String(operand['name']))

function operandTypes(statement: ElmStatement): readonly CoreType[] {
  return operandsOf(statement).map((operand) => {
    const name = operand['operandType']
    if (typeof name === 'string') return typeOfName(name)
    const specifier = operand['operandTypeSpecifier'] as ElmNode | undefined
    return specifier === undefined ? (declaredType(operand) ?? anyType) : typeOfSpecifier(specifier)
  })
}

/** Of the overloads of a name, the one whose operands are of these types; else the only one of this arity. */
function chooseFunction(
  candidates: readonly ElmStatement[],
  types: readonly CoreType[],
  arity: number,
): ElmStatement | undefined {
  const fitting = candidates.filter((one) => operandsOf(one).length === arity)
  if (fitting.length < 2) return fitting[0]
  const score = (statement: ElmStatement) =>
    operandTypes(statement).reduce((sum, type, index) => sum + closeness(type, types[index] ?? anyType), 0)
  return fitting.map((statement) => ({ statement, score: score(statement) })).toSorted((a, b) => b.score - a.score)[0]
    ?.statement
}

/** How well an argument's type suits an operand's: alike, unknown or part of a choice, or not at all. */
function closeness(operand: CoreType, argument: CoreType): number {
  if (sameType(operand, argument)) return 100
  if (isAny(argument) || isAny(operand)) return 1
  if (argument.kind === 'uncertain') return closeness(operand, argument.of)
  if (operand.kind === 'list' && argument.kind === 'list') return closeness(operand.of, argument.of) / 2
  if (operand.kind === 'interval' && argument.kind === 'interval') return closeness(operand.of, argument.of) / 2
  if (operand.kind === 'choice' && operand.of.some((one) => sameType(one, argument))) return 10
  if (operand.kind === 'choice' && argument.kind === 'choice')
    return argument.of.every((one) => operand.of.some((other) => sameType(one, other))) ? 20 : -10
  return -100
}

/** Lowers an expression as a body of its own: its variables count from 0, operands first. */
function lowerBody(
  expression: ElmNode | undefined,
  library: ElmLibrary,
  statement: { readonly name: string; readonly context?: unknown; readonly type?: unknown },
  operands: readonly Variable[],
  program: Program,
): Body {
  let variables = operands.length
  const originOf = (node: ElmNode): Origin => ({
    library: program.keyOf(library),
    define: statement.name,
    ...(node.localId === undefined ? {} : { localId: node.localId }),
    ...(node.locator === undefined ? {} : { locator: node.locator }),
  })
  const contextOf = (scope: Scope): Context => {
    const context: Context = {
      library,
      define: statement.name,
      unfiltered: statement.context === 'Unfiltered' && statement.type !== 'FunctionDef',
      scope,
      program,
      originOf,
      implied: { library: program.keyOf(library), define: statement.name },
      within: contextOf,
      variable: (name, type) => ({ id: variables++, name, type }),
      lower(node) {
        const within = program.depth.enter()
        const lowered = within ? lowerNode(node, context) : tooDeep(node, context)
        program.depth.leave()
        return lowered
      },
      refuse(node, code, message, remedy) {
        program.report(diagnosticAt(originOf(node), code, message, remedy))
        return { kind: 'const', value: null, type: declaredType(node) ?? anyType, origin: originOf(node) }
      },
    }
    return context
  }
  const names = operands.map((operand) => [`operand:${operand.name}`, operand] as const)
  const root = contextOf({ variables: new Map(names) }).lower(expression ?? { type: 'Null' })
  return {
    name: statement.name,
    library: program.keyOf(library),
    root,
    variables,
    context: typeof statement.context === 'string' ? statement.context : 'Unfiltered',
  }
}

function lowerNode(node: ElmNode, context: Context): CoreNode {
  const lower = nodeTable[node.type ?? '']
  if (lower !== undefined) return lower(node, context)
  return (
    lowerOperator(node, context) ??
    context.refuse(node, 'unsupported', `The operator ${node.type ?? '(none)'} is not supported.`)
  )
}

/** What every evaluation of a measure gives: an interval of dates, or of dates with times. */
const measurementPeriod = 'Measurement Period'
const isPeriod = (type: CoreType): boolean =>
  type.kind === 'interval' && type.of.kind === 'system' && ['Date', 'DateTime'].includes(type.of.name)

function parameterOrigin(found: { readonly name: string; readonly [key: string]: unknown }, library: string): Origin {
  return { library, define: found.name, ...(typeof found['locator'] === 'string' ? { locator: found['locator'] } : {}) }
}

function lowerParameter(
  found: { readonly name: string; readonly [key: string]: unknown },
  library: ElmLibrary,
  program: Program,
): Parameter {
  const name = found['parameterType']
  const specifier = found['parameterTypeSpecifier'] as ElmNode | undefined
  const declared = declaredType(found)
  const type =
    typeof name === 'string' ? typeOfName(name) : specifier === undefined ? declared : typeOfSpecifier(specifier)
  if (found.name === measurementPeriod && type !== undefined && !isPeriod(type))
    program.report(
      diagnosticAt(
        parameterOrigin(found, program.keyOf(library)),
        'parameter-type',
        `The parameter "${measurementPeriod}" is given an interval of dates; it is declared as ${formatType(type)}.`,
        'Declare it as Interval<DateTime> or Interval<Date>.',
      ),
    )
  const expression = found['default'] as ElmNode | undefined
  const initial = expression === undefined ? undefined : lowerBody(expression, library, found, [], program)
  return {
    library: program.keyOf(library),
    name: found.name,
    type: type ?? initial?.root.type ?? anyType,
    ...(initial === undefined ? {} : { initial }),
  }
}

/** A fault of compilation at a clause, with line and column where the translator wrote them. */
export function diagnosticAt(origin: Origin, code: string, message: string, remedy?: string): Diagnostic {
  const [line, column] = (origin.locator?.split('-')[0] ?? '').split(':').map(Number)
  const place: Place = {
    library: origin.library,
    define: origin.define,
    ...(origin.localId === undefined ? {} : { localId: origin.localId }),
    ...(line === undefined || Number.isNaN(line) || line === 0 ? {} : { line }),
    ...(column === undefined || Number.isNaN(column) ? {} : { column }),
  }
  return { code: `core/${code}`, message, severity: 'error', place, ...(remedy === undefined ? {} : { remedy }) }
}
