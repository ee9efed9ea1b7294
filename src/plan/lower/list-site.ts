import type { CoreNode } from '../../core/index.ts'
import type { Scope } from '../algebra/scope.ts'
import type { At } from '../operator/formula.ts'

/** The place of an operator over lists: its scope, and the lowered operands. */
export interface ListSite {
  readonly node: Extract<CoreNode, { kind: 'operator' }>
  readonly at: Scope
  readonly with: At
  /** What may be compared in an inner scope. */
  within(scope: Scope): At
  refuse(what: string): never
}
