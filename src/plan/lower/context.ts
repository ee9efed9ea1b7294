import type { CaregapError } from '../../base/index.ts'
import type { Core, CoreNode, CqlDateTime, Value } from '../../core/index.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Names, Scope } from '../algebra/scope.ts'
import type { PlanProfiles } from '../fhir/profile.ts'
import type { Setting } from '../formula/point.ts'
import type { Frame, Lowered } from './lowered.ts'

/** Where the persons' data are, and what their codes mean: bound when a plan is made. */
export interface DataSource {
  /** The table of a type's resources; undefined where no resource of it is there. */
  typedTable(type: string): string | undefined
  /** Table of the codings of each concept: (cid, codings). */
  readonly codings: string
  /** Table of the resources as they were received: (rid, raw). */
  readonly raw: string
  /** Concepts that meet wanted codes (a value set, codes or concepts); undefined where they are not at hand. */
  cidsOf(wanted: Value, comparator: string): readonly number[] | undefined
  /** Concepts with a coding for which the test holds; systems are folded. */
  cidsWhere(meets: (code: string, system: string | null) => boolean): readonly number[]
  /** Concepts that have no code at all. */
  cidsWithoutCode(): readonly number[]
  /** Codes of a value set; undefined where no expansion is at hand. */
  codesOf(valueSet: Value): readonly Value[] | undefined
}

/** What the whole program is lowered with. */
export interface Program {
  readonly core: Core
  readonly now: CqlDateTime
  readonly parameters: ReadonlyMap<string, Value>
  readonly names: Names
  /** The rows that everything is evaluated for: the persons. */
  readonly base: Scope
  readonly data: DataSource | undefined
  readonly profiles: PlanProfiles
  /** A constant as it stands in the plan: itself, or a column that no engine can fold. */
  constantOf(node: Extract<CoreNode, { kind: 'const' }>): Expr
}

/** Lowers nodes of core, each in the scope of its outermost variables. */
export interface Lowering {
  readonly program: Program
  readonly setting: Setting
  readonly now: Expr
  lower(node: CoreNode, frame: Frame, at: Scope): Lowered
  define(name: string, node: CoreNode): Lowered
  refuse(node: CoreNode, what: string): CaregapError
}
