import type { Diagnostic } from '../../base/index.ts'
import type { ElmLibrary, ElmNode } from '../../elm/index.ts'
import type { ModelInfo } from '../../fhir/index.ts'
import type { CoreNode, Origin, Variable } from '../node.ts'
import type { CoreType } from '../type.ts'
import type { Depth } from './depth.ts'

/** Names that can be used where a node stands. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>
  /** The element that a sort key looks at: bare names are its elements. */
  readonly item?: Variable
}

/** What lowering of one body knows; `in` gives the same with another scope. */
export interface Context {
  readonly library: ElmLibrary
  readonly define: string
  /** True for a define of the Unfiltered context: it is about everybody, not about one person. */
  readonly unfiltered: boolean
  readonly scope: Scope
  /** Lowers a node; what cannot be lowered is reported and stands as a null of its declared type. */
  lower(node: ElmNode): CoreNode
  /** The same body in a wider scope. */
  within(scope: Scope): Context
  /** A new variable of the body. */
  variable(name: string, type: CoreType): Variable
  originOf(node: ElmNode): Origin
  /** The origin of what no clause of its own says: the row that a query without `return` gives, for one. */
  readonly implied: Origin
  /** Notes a fault at a node, and gives what stands in its place. */
  refuse(node: ElmNode, code: string, message: string, remedy?: string): CoreNode
  /** What other bodies are: asked by name, lowered when first asked. */
  readonly program: Program
}

/** The whole of the libraries, as far as a body may ask. */
export interface Program {
  /** The classes of the data model. */
  readonly model: ModelInfo
  defineType(library: string, name: string): CoreType | undefined
  findFunction(
    library: string,
    name: string,
    args: readonly CoreNode[],
    signature: readonly CoreType[] | undefined,
  ): FunctionHandle | 'unknown' | 'external' | 'recursive'
  parameterType(library: string, name: string): CoreType | undefined
  libraryNamed(name: string, version?: string): ElmLibrary | undefined
  /** The name under which a library's bodies are known: its id, with the version where the closure holds several. */
  keyOf(library: ElmLibrary): string
  report(diagnostic: Diagnostic): void
  readonly depth: Depth
}

export interface FunctionHandle {
  readonly key: string
  readonly type: CoreType
}

export type LowerNode = (node: ElmNode, context: Context) => CoreNode

/** A node's child that must be there, as the translator always writes it. */
export function child(node: ElmNode, name: string): ElmNode {
  return (node[name] ?? { type: 'Null' }) as ElmNode
}

/** A node's children under a name; none where it is absent, one where it is no list. */
export function children(node: ElmNode, name: string): readonly ElmNode[] {
  const value = node[name] as ElmNode | readonly ElmNode[] | undefined
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly ElmNode[]) : [value as ElmNode]
}
