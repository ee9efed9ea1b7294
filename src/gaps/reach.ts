import type { ElmNode } from '../elm/index.ts'
import type { DefineName, Logic } from './logic.ts'

/** A define with all defines and functions that it reads, directly or not. */
export function reachableDefines(logic: Logic, name: DefineName): readonly DefineName[] {
  return descend(logic, [name], () => true)
}

/** Breadth first over what defines name, each once; what `opens` refuses is reached but not looked behind. */
export function descend(
  logic: Logic,
  start: readonly DefineName[],
  opens: (name: DefineName) => boolean,
): DefineName[] {
  return descendBy(start, (name) => (opens(name) ? referencesOf(logic, name) : []))
}

/** Breadth first, each once, from one to whatever `next` gives of it. */
export function descendBy(
  start: readonly DefineName[],
  next: (name: DefineName) => readonly DefineName[],
): DefineName[] {
  const reached = new Map<string, DefineName>()
  let level = start
  while (level.length > 0) {
    const fresh = [...new Map(level.map((name) => [keyOf(name), name]))].filter(([key]) => !reached.has(key))
    for (const [key, name] of fresh) reached.set(key, name)
    level = fresh.flatMap(([, name]) => next(name))
  }
  return [...reached.values()]
}

const keyOf = (name: DefineName): string => `${name.library}\n${name.define}`

const referencesByName = new WeakMap<Logic, Map<string, readonly DefineName[]>>()

/** What the bodies of a define name. Kept: the same logic is asked for each person. */
export function referencesOf(logic: Logic, name: DefineName): readonly DefineName[] {
  const known = referencesByName.get(logic) ?? new Map<string, readonly DefineName[]>()
  referencesByName.set(logic, known)
  const key = keyOf(name)
  const references = known.get(key) ?? logic.bodies(name).flatMap((body) => referencesIn(logic, body, name.library))
  known.set(key, references)
  return references
}

const referencesByNode = new WeakMap<ElmNode, readonly DefineName[]>()

/** Every define and function that an expression names, anywhere within it. Kept: the same logic is asked for each person. */
export function referencesIn(logic: Logic, root: ElmNode, library: string): readonly DefineName[] {
  const known = referencesByNode.get(root)
  if (known !== undefined) return known
  const references = nodesIn(root).filter((node) => /^(Expression|Function)Ref$/.test(node.type ?? ''))
  const names = references.map((node) => logic.target(node, library)).filter((target) => target !== undefined)
  referencesByNode.set(root, names)
  return names
}

/**
 * What a define's members are taken from: the defines that its queries run over, without those that conditions ask. Where
 * nothing is left of them, these hold what there was.
 */
export function sourcesOf(logic: Logic, name: DefineName): readonly DefineName[] {
  return logic.bodies(name).flatMap((body) => sourcesIn(logic, body, name.library))
}

/** The same of an expression. */
export function sourcesIn(logic: Logic, root: ElmNode, library: string): readonly DefineName[] {
  return sourceNodes(root).flatMap((node) => logic.target(node, library) ?? [])
}

function sourceNodes(node: ElmNode): readonly ElmNode[] {
  if (node.type === 'ExpressionRef') return [node]
  if (node.type === 'Query')
    return childrenOf(node['source']).flatMap((source) => sourceNodes(source['expression'] as ElmNode))
  return [...childrenOf(node['operand']), ...childrenOf(node['source'])].flatMap(sourceNodes)
}

function childrenOf(value: unknown): readonly ElmNode[] {
  if (Array.isArray(value)) return value as readonly ElmNode[]
  return typeof value === 'object' && value !== null ? [value as ElmNode] : []
}

/** Every node within an expression, itself first, in no order that may be relied on. */
export function nodesIn(root: ElmNode): readonly ElmNode[] {
  const nodes: ElmNode[] = []
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const item = stack.pop()
    if (typeof item !== 'object' || item === null) continue
    if (!Array.isArray(item)) nodes.push(item as ElmNode)
    stack.push(...(Array.isArray(item) ? (item as unknown[]) : Object.values(item)))
  }
  return nodes
}
