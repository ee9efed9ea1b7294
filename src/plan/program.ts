import { CaregapError, type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { Core, CoreType, CqlDateTime, Value } from '../core/index.ts'
import type { Expr } from './algebra/expr.ts'
import { wholeFaultOf } from './algebra/fault.ts'
import type { Column, Plan } from './algebra/relation.ts'
import { createNames, Scope } from './algebra/scope.ts'
import { integerTypeOf } from './algebra/types.ts'
import type { DataSource } from './lower/context.ts'
import { lettersOf } from './lower/letter.ts'
import { exprAt } from './lower/list-operator.ts'
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
  /** The table of the persons (`pid`); without it there is one person who has nothing. */
  readonly persons?: string
  /** What is wanted of each define: its value, or only what a run stores. */
  readonly outputs?: 'values' | 'letters'
}

/** A define's value and, where it may fail, the fault in its place, as columns of the plan. */
export interface DefineColumn {
  readonly define: string
  readonly type: CoreType
  readonly value: string
  readonly fault?: string
  /** A list of the keys of the resources that the value holds, in their order. */
  readonly rids?: string
}

/** Defines as one relation: a row for each person, with the key `pid`. */
export interface ProgramPlan {
  readonly root: Plan
  readonly key: string
  readonly defines: readonly DefineColumn[]
  /** Units of the quantities in the logic, which conversions are settled for. */
  readonly units: readonly string[]
}

/** Lowers defines of core (by `Library.Name`) to one relational plan. What it cannot say is a diagnostic with its place. */
export function planDefines(core: Core, defines: readonly string[], input: PlanInput): Result<ProgramPlan> {
  const names = createNames()
  const constants: { column: Column; expr: Expr }[] = []
  const key: Column = { name: 'pid', type: integerTypeOf, nonNull: true }
  const persons = personsPlan(key, input.persons)
  const base = new Scope(names, persons, [key.name])
  const units = new Set<string>()
  const lowering = createLowering({
    core,
    now: input.now,
    parameters: input.parameters ?? new Map(),
    names,
    base,
    data: input.data,
    constantOf(expr) {
      noteUnits(expr, units)
      if (input.opaqueConstants !== true) return expr
      const column: Column = { name: names.next('const'), type: expr.type, nonNull: true }
      constants.push({ column, expr })
      if (persons.op === 'values') {
        persons.columns = [...persons.columns, column]
        persons.rows = [[...(persons.rows[0] ?? []), expr]]
      }
      return { kind: 'column', ...column }
    },
  })
  const diagnostics: Diagnostic[] = []
  const columns: DefineColumn[] = []
  const exprs: [string, Expr][] = []
  for (const define of defines) {
    try {
      const body = core.defines.get(define)
      if (body === undefined) continue
      const lowered = lowering.define(define, body.root)
      const output = input.outputs === 'letters' ? lettersOf(lowered, base) : { value: exprAt(lowered, base) }
      const fault = wholeFaultOf(output.value)
      const [value, faultName, rids] = [names.next(body.name), names.next('fault'), names.next('rids')]
      exprs.push([value, output.value])
      if (fault !== undefined) exprs.push([faultName, fault])
      if (output.rids !== undefined) exprs.push([rids, output.rids])
      columns.push({
        define,
        type: output.value.type,
        value,
        ...(fault === undefined ? {} : { fault: faultName }),
        ...(output.rids === undefined ? {} : { rids }),
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
  return success({ root, key: key.name, defines: columns, units: [...units] })
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The rows that everything is evaluated for. */
function personsPlan(key: Column, table: string | undefined): Mutable<Extract<Plan, { op: 'values' | 'scan' }>> {
  if (table !== undefined) return { op: 'scan', table, sources: { [key.name]: 'pid' }, columns: [key] }
  return { op: 'values', columns: [key], rows: [[{ kind: 'const', value: 0, type: integerTypeOf }]] }
}

/** Units of a constant, in whatever it holds. */
function noteUnits(expr: Expr, units: Set<string>): void {
  if (expr.kind !== 'const') return
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const unit = (value as { unit?: unknown }).unit
    if (typeof unit === 'string') units.add(unit)
    for (const part of Object.values(value)) visit(part)
  }
  if (typeof expr.value === 'string') noteText(expr.value, units)
  else visit(expr.value)
}

/** A text may be a unit to convert to, or hold a quantity's. */
function noteText(text: string, units: Set<string>): void {
  const inner = /'([^']+)'$/.exec(text)?.[1] ?? text
  if (/^[^\s]{1,20}$/.test(inner) && /[a-zA-Z%[]/.test(inner)) units.add(inner)
}
