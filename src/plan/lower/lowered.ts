import type { CoreType } from '../../core/index.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Scope } from '../algebra/scope.ts'

/** One value for each row of a scope. */
export interface Scalar {
  readonly kind: 'scalar'
  readonly scope: Scope
  readonly expr: Expr
}

/** A list for each row of a scope, as rows of an inner one; its key goes on from the scope's. */
export interface Rows {
  readonly kind: 'rows'
  readonly scope: Scope
  readonly rows: Scope
  /** The key columns beyond the scope's: in their order, the position in the list. */
  readonly order: readonly string[]
  readonly item: Expr
  /** True where the list is not null, over the scope; absent where it never is. */
  readonly present?: Expr
  /** No two items are equal. */
  readonly once?: true
  /** There is never more than one item. */
  readonly single?: true
  /** The list is what one relation holds of resources that meet conditions; never null. */
  readonly picked?: Picked
}

/** Resources of one relation, each once: those for which one of several conditions is true, in the order of these. */
export interface Picked {
  /** Keyed by the person and the resource. */
  readonly from: Scope
  readonly item: Expr
  /** The column of the resource's key: the order within each condition. */
  readonly rid: string
  /** None may fail; all are asked of the relation's own columns. */
  readonly conditions: readonly Expr[]
}

export type Lowered = Scalar | Rows

/** Variables of a body that have a value where an expression stands. */
export class Frame {
  readonly #variables: ReadonlyMap<number, Lowered>

  constructor(variables: ReadonlyMap<number, Lowered> = new Map()) {
    this.#variables = variables
  }

  get(id: number): Lowered | undefined {
    return this.#variables.get(id)
  }

  with(id: number, value: Lowered): Frame {
    return new Frame(new Map([...this.#variables, [id, value]]))
  }
}

export const scalar = (scope: Scope, expr: Expr): Scalar => ({ kind: 'scalar', scope, expr })

/** The type of a value: of rows, the list's. */
export function typeOf(value: Lowered): CoreType {
  return value.kind === 'scalar' ? value.expr.type : { kind: 'list', of: value.item.type }
}
