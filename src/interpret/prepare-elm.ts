import type { ElmLibrary } from '../elm/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'

/**
 * ELM as cql-execution runs it best, saying the same:
 * - a retrieve by a value set asks the set itself, not the list of its codes (which is rebuilt for each retrieve and
 *   compared code by code);
 * - code systems have their folded URI, as value sets and records do;
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
  return node
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
