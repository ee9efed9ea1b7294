import { CaregapError, type Diagnostic, failure, type Result, success } from '../base/index.ts'
import type { Core, CoreType, CqlDateTime, Value } from '../core/index.ts'
import type { Expr } from './expr.ts'
import { faultOf } from './fault.ts'
import { exprAt } from './lower/list-operator.ts'
import { createLowering } from './lower/lowering.ts'
import type { Column, Plan } from './relation.ts'
import { createNames, Scope } from './scope.ts'
import { integerTypeOf, textTypeOf } from './types.ts'

/** What one evaluation fixes: it is part of the plan. */
export interface PlanInput {
  /** The request's timestamp with its offset. */
  readonly now: CqlDateTime
  /** Parameters by `Library.Name`; those left out take their defaults. */
  readonly parameters?: ReadonlyMap<string, Value>
  /** Constants become columns of a relation, so that neither this compiler nor the database can fold them. */
  readonly opaqueConstants?: boolean
}

/** A define's value and, where it may fail, the fault in its place, as columns of the plan. */
export interface DefineColumn {
  readonly define: string
  readonly type: CoreType
  readonly value: string
  readonly fault?: string
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
  const persons: { -readonly [K in keyof Extract<Plan, { op: 'values' }>]: Extract<Plan, { op: 'values' }>[K] } = {
    op: 'values',
    columns: [key],
    rows: [[{ kind: 'const', value: 0, type: integerTypeOf }]],
  }
  const base = new Scope(names, persons, [key.name])
  const units = new Set<string>()
  const lowering = createLowering({
    core,
    now: input.now,
    parameters: input.parameters ?? new Map(),
    names,
    base,
    constantOf(expr) {
      noteUnits(expr, units)
      if (input.opaqueConstants !== true) return expr
      const column: Column = { name: names.next('const'), type: expr.type, nonNull: true }
      constants.push({ column, expr })
      persons.columns = [...persons.columns, column]
      persons.rows = [[...(persons.rows[0] ?? []), expr]]
      return { kind: 'column', ...column }
    },
  })
  const diagnostics: Diagnostic[] = []
  const columns: DefineColumn[] = []
  const exprs: Record<string, Expr> = {}
  for (const define of defines) {
    try {
      const body = core.defines.get(define)
      if (body === undefined) continue
      const value = exprAt(lowering.define(define, body.root), base)
      const fault = faultOf(value)
      const [valueName, faultName] = [names.next(body.name), names.next('fault')]
      exprs[valueName] = value
      if (fault !== undefined) exprs[faultName] = fault
      columns.push({ define, type: value.type, value: valueName, ...(fault === undefined ? {} : { fault: faultName }) })
    } catch (thrown) {
      if (!(thrown instanceof CaregapError)) throw thrown
      diagnostics.push(...thrown.diagnostics)
    }
  }
  if (diagnostics.length > 0) return failure(...diagnostics)
  const made = Object.entries(exprs).map(([name, expr]) => ({
    name,
    type: name.startsWith('fault') ? textTypeOf : expr.type,
  }))
  const root: Plan = {
    op: 'rename',
    input: base.relation,
    exprs: [['pid', { kind: 'column', name: 'pid', type: integerTypeOf }], ...Object.entries(exprs)],
    columns: [key, ...made],
  }
  return success({ root, key: key.name, defines: columns, units: [...units] })
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
