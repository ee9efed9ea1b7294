import type { CaregapError } from '../../base/index.ts'
import type { Core, CoreNode, CqlDateTime, Value } from '../../core/index.ts'
import type { ProfileMatching } from '../../fhir/index.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Names, Scope } from '../algebra/scope.ts'
import type { DataSource } from '../fhir/data-source.ts'
import type { Setting } from '../formula/point.ts'
import type { Frame, Lowered } from './lowered.ts'

/** What the whole program is lowered with. */
export interface Program {
  readonly core: Core
  readonly now: CqlDateTime
  readonly parameters: ReadonlyMap<string, Value>
  readonly names: Names
  /** The rows that everything is evaluated for: the persons. */
  readonly base: Scope
  readonly data: DataSource | undefined
  readonly profiles: ProfileMatching
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
