import type { CoreType, Value } from '../../core/index.ts'
import type { TemplateName } from './template-name.ts'
import type { ValueFacts } from './value-facts.ts'

/** A column of the relation that an expression stands over. Names are unique within a program. */
export interface ColumnExpr {
  readonly kind: 'column'
  readonly type: CoreType
  readonly name: string
  /** Never null: it holds a constant or a key. */
  readonly nonNull?: boolean
  /** What is known of its values. */
  readonly facts?: ValueFacts
  /** Site of the fault that stands in the value's place (null where there is none), where there may be one. */
  readonly fault?: Expr
  /** Digits after the point that the literal which it holds was written with. */
  readonly places?: number
}
export interface ConstExpr {
  readonly kind: 'const'
  readonly type: CoreType
  readonly value: Value
}
/** A primitive whose text the SQL room knows, over operands. Null where an operand is, unless its template says more. */
export interface CallExpr {
  readonly kind: 'call'
  readonly type: CoreType
  readonly template: TemplateName
  readonly args: readonly Expr[]
}
/** A field of a structure; null where the structure is. */
export interface FieldExpr {
  readonly kind: 'field'
  readonly type: CoreType
  readonly source: Expr
  readonly name: string
}
/**
 * A structure from its parts; never null, unless `present` is not true. Until it must be one column, its parts are
 * parallel columns.
 */
export interface PackExpr {
  readonly kind: 'pack'
  readonly type: CoreType
  readonly fields: Readonly<Record<string, Expr>>
  readonly present?: Expr
}
/** The first branch whose condition is true; null where there is no `otherwise`. */
export interface CaseExpr {
  readonly kind: 'case'
  readonly type: CoreType
  readonly branches: readonly { readonly when: Expr; readonly gives: Expr }[]
  readonly otherwise?: Expr
}
/** A list inside a row. */
export interface ArrayExpr {
  readonly kind: 'array'
  readonly type: CoreType
  readonly items: readonly Expr[]
}
/** The code of a guard that has no fault of its own: those of its condition stand in the value's place. */
export const noFault = ''

/** A value in whose place a fault stands where the condition is true. */
export interface GuardExpr {
  readonly kind: 'guard'
  readonly type: CoreType
  readonly value: Expr
  readonly when: Expr
  readonly code: string
  /** As a part of a structure it fails only when that part is read. */
  readonly lazy?: boolean
}

/** A scalar expression over the columns of one relation: a DAG, shared by identity, never expanded to a tree. */
export type Expr = ColumnExpr | ConstExpr | CallExpr | FieldExpr | PackExpr | CaseExpr | ArrayExpr | GuardExpr
