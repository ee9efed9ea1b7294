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
  const reached = new Map<string, DefineName>()
  let level = start
  while (level.length > 0) {
    const fresh = [...new Map(level.map((name) => [keyOf(name), name]))].filter(([key]) => !reached.has(key))
    for (const [key, name] of fresh) reached.set(key, name)
    level = fresh.flatMap(([, name]) => (opens(name) ? referencesOf(logic, name) : []))
  }
  return [...reached.values()]
}

const keyOf = (name: DefineName): string => `${name.library}\n${name.define}`

const referencesByName = new WeakMap<Logic, Map<string, readonly DefineName[]>>()

/** What the bodies of a define name. Kept: the same logic is asked for each person. */
function referencesOf(logic: Logic, name: DefineName): readonly DefineName[] {
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
