import type { CallSite, Overload } from './operator/operator.ts'
import type { CoreType } from './type.ts'
import type { Value } from './value/value.ts'

/** Where a node comes from: the clause of CQL that an explanation or a fault points at. */
export interface Origin {
  readonly library: string
  readonly define: string
  readonly localId?: string
  /** `line:column-line:column`, as the translator writes it. */
  readonly locator?: string
}

interface Common {
  readonly type: CoreType
  readonly origin: Origin
}

/** A variable of a body: an alias, a let, an accumulator or an operand. Ids count from 0 within the body. */
export interface Variable {
  readonly id: number
  readonly name: string
  readonly type: CoreType
}

export interface ConstNode extends Common {
  readonly kind: 'const'
  readonly value: Value
}
export interface ParamNode extends Common {
  readonly kind: 'param'
  readonly library: string
  readonly name: string
}
/** Another define of the closure. */
export interface RefNode extends Common {
  readonly kind: 'ref'
  readonly define: string
}
/** A call of a function of the closure, by its key. */
export interface CallNode extends Common {
  readonly kind: 'call'
  readonly function: string
  readonly args: readonly CoreNode[]
}
/** The current value of a variable: for an alias, the current row of its scope. */
export interface VariableNode extends Common {
  readonly kind: 'variable'
  readonly variable: Variable
}
/** An element of a structured value; null where the source is. Over a list, of each element. */
export interface PathNode extends Common {
  readonly kind: 'path'
  readonly source: CoreNode
  readonly path: readonly string[]
}
/** The person's resources of a type; a `codes` comparison narrows them. Ordered by rid. */
export interface RetrieveNode extends Common {
  readonly kind: 'retrieve'
  readonly dataType: string
  readonly templateId?: string
  readonly codes?: { readonly path: string; readonly comparator: string; readonly value: CoreNode }
}
export interface OperatorNode extends Common {
  readonly kind: 'operator'
  readonly name: string
  readonly lifts: boolean
  /** The operator answers for uncertain operands itself. */
  readonly takesUncertain: boolean
  /** The overloads that may be meant: one where static types decide, else values do. */
  readonly overloads: readonly Overload[]
  readonly args: readonly CoreNode[]
  readonly site: CallSite
}
/** The first value that is not null; what comes after is not evaluated. */
export interface CoalesceNode extends Common {
  readonly kind: 'coalesce'
  readonly args: readonly CoreNode[]
}
/** The first branch whose condition is true, else `otherwise`; only the chosen one is evaluated. */
export interface CaseNode extends Common {
  readonly kind: 'case'
  readonly branches: readonly { readonly when: CoreNode; readonly result: CoreNode }[]
  readonly otherwise: CoreNode
}
/** Is the value of a type? False for null. */
export interface TypeTestNode extends Common {
  readonly kind: 'is'
  readonly operand: CoreNode
  readonly target: CoreType
}
/** The value where it is of the type; else null, or a fault where `strict`. */
export interface CastNode extends Common {
  readonly kind: 'as'
  readonly operand: CoreNode
  readonly target: CoreType
  readonly strict: boolean
}
export interface TupleNode extends Common {
  readonly kind: 'tuple'
  readonly fields: readonly { readonly name: string; readonly value: CoreNode }[]
}
/** An object of a class (`Quantity`, `FHIR.Period`) from its elements. */
export interface InstanceNode extends Common {
  readonly kind: 'instance'
  readonly fields: readonly { readonly name: string; readonly value: CoreNode }[]
}
export interface ListNode extends Common {
  readonly kind: 'list'
  readonly items: readonly CoreNode[]
}
export interface IntervalNode extends Common {
  readonly kind: 'interval'
  readonly low: CoreNode
  readonly high: CoreNode
  readonly lowClosed: CoreNode
  readonly highClosed: CoreNode
  /** The operand of an expansion: one that ends before it starts is no interval, and no error. */
  readonly expanded?: boolean
}
/** Rows of a scope as a list of a value for each; of single sources, the one value itself. */
export interface ReturnNode extends Common {
  readonly kind: 'return'
  readonly rows: RowsNode
  readonly value: CoreNode
  readonly distinct: boolean
  /** All sources are single values: the query gives one value, or null where its row falls away. */
  readonly single: boolean
}
/** A list in a total order: by the keys, nulls lowest, ties by position. */
export interface SortNode extends Common {
  readonly kind: 'sort'
  readonly list: CoreNode
  readonly item: Variable
  readonly keys: readonly { readonly value: CoreNode; readonly descending: boolean }[]
}
/** The aggregate clause: a value carried over the rows. */
export interface FoldNode extends Common {
  readonly kind: 'fold'
  readonly rows: RowsNode
  readonly accumulator: Variable
  readonly initial: CoreNode
  readonly step: CoreNode
  readonly distinct: boolean
}

export type CoreNode =
  | ConstNode
  | ParamNode
  | RefNode
  | CallNode
  | VariableNode
  | PathNode
  | RetrieveNode
  | OperatorNode
  | CoalesceNode
  | CaseNode
  | TypeTestNode
  | CastNode
  | TupleNode
  | InstanceNode
  | ListNode
  | IntervalNode
  | ReturnNode
  | SortNode
  | FoldNode

/** Opens a scope: one row for each combination of the sources' elements, the first source slowest. */
export interface ForRows {
  readonly kind: 'for'
  readonly sources: readonly { readonly variable: Variable; readonly value: CoreNode; readonly list: boolean }[]
}
/** Each row with one more value. */
export interface LetRows {
  readonly kind: 'let'
  readonly rows: RowsNode
  readonly variable: Variable
  readonly value: CoreNode
}
/** Rows for which the condition is true. */
export interface WhereRows {
  readonly kind: 'where'
  readonly rows: RowsNode
  readonly condition: CoreNode
}
/** Rows with (or, negated, without) an element of the source for which the condition is true. */
export interface SemiRows {
  readonly kind: 'semi'
  readonly rows: RowsNode
  readonly variable: Variable
  readonly source: CoreNode
  readonly list: boolean
  readonly condition: CoreNode
  readonly negated: boolean
}
/** A relation keyed by its scope and position: what a query's clauses make and narrow. */
export type RowsNode = ForRows | LetRows | WhereRows | SemiRows

/** A define or function: its root, and how many variables it uses. */
export interface Body {
  readonly name: string
  readonly library: string
  readonly root: CoreNode
  readonly variables: number
  readonly context: string
}

export interface FunctionBody extends Body {
  readonly operands: readonly Variable[]
}

export interface Parameter {
  readonly library: string
  readonly name: string
  readonly type: CoreType
  readonly initial?: Body
}

/** What was compiled: every define asked for and all that they reach, by `Library.Name`. */
export interface Core {
  readonly main: string
  readonly defines: ReadonlyMap<string, Body>
  readonly functions: ReadonlyMap<string, FunctionBody>
  readonly parameters: ReadonlyMap<string, Parameter>
}
