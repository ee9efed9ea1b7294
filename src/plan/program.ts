import { CaregapError, type Diagnostic, failure, finish, type Result, type Steps, success } from '../base/index.ts'
import {
  type Core,
  type CoreNode,
  type CoreType,
  type CqlDateTime,
  Decimal,
  Quantity,
  type Value,
} from '../core/index.ts'
import type { ProfileMatching } from '../fhir/index.ts'
import { constant } from './algebra/build.ts'
import type { Expr } from './algebra/expr.ts'
import { wholeFaultOf } from './algebra/fault.ts'
import type { Column, Plan } from './algebra/relation.ts'
import { createNames, Scope } from './algebra/scope.ts'
import { integerTypeOf } from './algebra/types.ts'
import type { DataSource } from './fhir/data-source.ts'
import { lettersOf } from './lower/letter.ts'
import { exprAt } from './lower/list.ts'
import { createLowering } from './lower/lowering.ts'

/** What one evaluation fixes: it is part of the plan. */
export interface PlanInput {
  /** The request's timestamp with its offset. */
  readonly now: CqlDateTime
  /** Parameters by `Library.Name`; those left out take their defaults. */
  readonly parameters?: ReadonlyMap<string, Value>
  /** Constants become columns of a relation, so that neither this compiler nor the database can fold them. */
  readonly opaqueConstants?: boolean
  /** The persons' data; absent where logic reads none. */
  readonly data?: DataSource
  /** How retrieves by profile find resources; `inferred` where absent. */
  readonly profiles?: ProfileMatching
  /** The table of the persons (`pid`); without it there is one person who has nothing. */
  readonly persons?: string
  /** What is wanted of each define: its value, or only what a run stores. */
  readonly outputs?: 'values' | 'letters'
  /** Beside letters: the defines (by `Library.Name`) whose value is wanted too. */
  readonly held?: ReadonlySet<string>
}

/** A define's value and, where it may fail, the fault in its place, as columns of the plan. */
export interface DefineColumn {
  readonly define: string
  readonly type: CoreType
  readonly value: string
  readonly fault?: string
  /** A list of the keys of the resources that the value holds, in their order. */
  readonly rids?: string
  /** The value itself, where it was asked for beside the letter. */
  readonly held?: { readonly name: string; readonly type: CoreType }
}

/** Defines as one relation: a row for each person, with the key `pid`. */
export interface ProgramPlan {
  readonly root: Plan
  readonly key: string
  readonly defines: readonly DefineColumn[]
  readonly units: ProgramUnits
}

/** The units that conversions are settled for. */
export interface ProgramUnits {
  /** Those that the logic names. */
  readonly own: readonly string[]
  /** Those of the data that it reads, as far as they are told. */
  readonly stored: readonly string[]
}

/** Lowers defines of core (by `Library.Name`) to one relational plan. What it cannot say is a diagnostic with its place. */
export function planDefines(core: Core, defines: readonly string[], input: PlanInput): Result<ProgramPlan> {
  return finish(planDefineByDefine(core, defines, input))
}

/** As `planDefines`, a define at a step: a thread that others wait for may do something else in between. */
export function* planDefineByDefine(
  core: Core,
  defines: readonly string[],
  input: PlanInput,
): Steps<Result<ProgramPlan>> {
  const names = createNames()
  const key: Column = { name: 'pid', type: integerTypeOf, nonNull: true }
  const constants = constantsOf(core)
  // A number is a quantity of the unit 1.
  const units = new Set<string>(['1'])
  for (const node of constants) noteUnits(node, units)
  const opaque = new Map(
    input.opaqueConstants === true
      ? constants.map((node) => [node, { name: names.next('const'), type: node.type, nonNull: true }] as const)
      : [],
  )
  const persons = personsPlan(key, input.persons, opaque)
  const base = new Scope(names, persons, [key.name])
  const lowering = createLowering({
    core,
    now: input.now,
    parameters: input.parameters ?? new Map(),
    names,
    base,
    data: input.data,
    profiles: input.profiles ?? 'inferred',
    constantOf(node) {
      const column = opaque.get(node)
      if (column === undefined) return constant(node.value, node.type)
      return { kind: 'column', ...column, ...placesIn(node.value) }
    },
  })
  const diagnostics: Diagnostic[] = []
  const columns: DefineColumn[] = []
  const exprs: [string, Expr][] = []
  for (const define of defines) {
    yield
    try {
      const body = core.defines.get(define)
      if (body === undefined) continue
      const lowered = lowering.define(define, body.root)
      const output = input.outputs === 'letters' ? lettersOf(lowered, base) : { value: exprAt(lowered, base) }
      const held = input.held?.has(define) === true ? exprAt(lowered, base) : undefined
      const fault = (held === undefined ? undefined : wholeFaultOf(held)) ?? wholeFaultOf(output.value)
      const [value, faultName, rids] = [names.next(body.name), names.next('fault'), names.next('rids')]
      const heldColumn = held === undefined ? undefined : { name: names.next('held'), type: held.type }
      exprs.push([value, output.value])
      if (held !== undefined && heldColumn !== undefined) exprs.push([heldColumn.name, held])
      if (fault !== undefined) exprs.push([faultName, fault])
      if (output.rids !== undefined) exprs.push([rids, output.rids])
      columns.push({
        define,
        type: output.value.type,
        value,
        ...(fault === undefined ? {} : { fault: faultName }),
        ...(output.rids === undefined ? {} : { rids }),
        ...(heldColumn === undefined ? {} : { held: heldColumn }),
      })
    } catch (thrown) {
      if (!(thrown instanceof CaregapError)) throw thrown
      diagnostics.push(...thrown.diagnostics)
    }
  }
  if (diagnostics.length > 0) return failure(...diagnostics)
  const root: Plan = {
    op: 'rename',
    input: base.relation,
    exprs: [[key.name, { kind: 'column', ...key }], ...exprs],
    columns: [key, ...exprs.map(([name, expr]) => ({ name, type: expr.type }))],
  }
  return success({ root, key: key.name, defines: columns, units: { own: [...units], stored: [] } })
}

/** How many digits a literal was written with. */
function placesIn(value: Value): { readonly places?: number } {
  if (value instanceof Quantity) return { places: value.value.places }
  return value instanceof Decimal ? { places: value.places } : {}
}

type ConstNode = Extract<CoreNode, { kind: 'const' }>

/** Every constant of a program that is not null, in the order of its bodies. */
function constantsOf(core: Core): readonly ConstNode[] {
  const found: ConstNode[] = []
  const seen = new Set<object>()
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return
    seen.add(part)
    const node = part as ConstNode
    if (node.kind === 'const') {
      if (node.value !== null) found.push(node)
      return
    }
    for (const [name, inner] of Object.entries(part))
      if (name !== 'type' && name !== 'origin' && name !== 'overloads') visit(inner)
  }
  for (const body of [...core.defines.values(), ...core.functions.values()]) visit(body.root)
  for (const { initial } of core.parameters.values()) visit(initial?.root)
  return found
}

/** The rows that everything is evaluated for, with the constants that nothing may fold. */
function personsPlan(key: Column, table: string | undefined, opaque: ReadonlyMap<ConstNode, Column>): Plan {
  if (table !== undefined) return { op: 'scan', table, sources: { [key.name]: 'pid' }, columns: [key] }
  const cells = [...opaque.keys()].map((node) => constant(node.value, node.type))
  return { op: 'values', columns: [key, ...opaque.values()], rows: [[constant(0, integerTypeOf), ...cells]] }
}

/** Units of a constant, in whatever it holds. */
function noteUnits({ value }: ConstNode, units: Set<string>): void {
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const unit = (part as { unit?: unknown }).unit
    if (typeof unit === 'string') units.add(unit)
    for (const inner of Object.values(part)) visit(inner)
  }
  if (typeof value === 'string') noteText(value, units)
  else visit(value)
}

/** A text may be a unit to convert to, or hold a quantity's. */
function noteText(text: string, units: Set<string>): void {
  const inner = /'([^']+)'$/.exec(text)?.[1] ?? text
  if (/^[^\s]{1,20}$/.test(inner) && /[a-zA-Z%[]/.test(inner)) units.add(inner)
}
