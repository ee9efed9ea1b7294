import type { ElmLibrary } from '../elm/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'

/**
 * ELM as cql-execution runs it best, saying the same:
 * - a retrieve by a value set asks the set itself, not the list of its codes (which is rebuilt for each retrieve and
 *   compared code by code);
 * - code systems have their folded URI, as value sets and records do;
 * - the conversion of an interval to another point type, which the translator writes as an interval of converted
 *   bounds, is null for a null interval: cql-execution would make an interval without bounds of it, which overlaps all;
 * - with `trace`, each node has a localId (its own, or its locator), by which cql-execution remembers its value;
 *   without, none has, for remembering costs time.
 */
export function prepareElm(library: ElmLibrary, trace: boolean): ElmLibrary {
  const prepared = rewrite(library, trace) as ElmLibrary
  const systems = prepared['codeSystems'] as CodeSystemDefs | undefined
  if (systems === undefined) return prepared
  return { ...prepared, codeSystems: { def: systems.def.map((def) => ({ ...def, id: foldSystem(def.id) })) } }
}

interface CodeSystemDefs {
  readonly def: readonly { readonly id: string }[]
}

type Node = Record<string, unknown>

function rewrite(value: unknown, trace: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, trace))
  if (!isObject(value)) return value
  const node: Node = {}
  for (const [key, child] of Object.entries(value)) {
    if (key === 'annotation') continue
    node[key] = rewrite(child, trace)
  }
  if (node['type'] === 'Retrieve') node['codes'] = valueSetOf(node['codes'])
  setLocalId(node, trace)
  return nullForNull(node)
}

/** A converted interval guarded by its source; any other node as it is. */
function nullForNull(node: Node): Node {
  const source = node['type'] === 'Interval' ? convertedInterval(node) : undefined
  if (source === undefined) return node
  // oxlint-disable-next-line unicorn/no-thenable -- a branch of ELM's If has this name, and nothing awaits it
  return { type: 'If', condition: { type: 'IsNull', operand: source }, then: { type: 'Null' }, else: node }
}

/** The interval whose own closedness the node takes over: what it converts. */
function convertedInterval(node: Node): unknown {
  const closed = node['lowClosedExpression']
  if (!isObject(closed) || closed['type'] !== 'Property' || closed['path'] !== 'lowClosed') return undefined
  return closed['source']
}

/** `ExpandValueSet(ValueSetRef)` is the set; anything else stays. */
function valueSetOf(codes: unknown): unknown {
  if (!isObject(codes) || codes['type'] !== 'ExpandValueSet') return codes
  const operand = codes['operand']
  return isObject(operand) && operand['type'] === 'ValueSetRef' ? operand : codes
}

function setLocalId(node: Node, trace: boolean): void {
  if (!trace) delete node['localId']
  else if (typeof node['localId'] !== 'string' && typeof node['locator'] === 'string') node['localId'] = node['locator']
}
