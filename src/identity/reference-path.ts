import { isObject } from '../fhir/index.ts'

/**
 * The texts of the references at a path of the patient compartment (`subject`, `participant[*].actor`), in
 * order. A repeating element may stand alone and a single one in a list: sources do both.
 */
export function referencesAt(resource: unknown, path: string): string[] {
  const steps = path.split('.').map((step) => step.replace('[*]', ''))
  const found = steps.reduce<unknown[]>((nodes, step) => nodes.flatMap((node) => childrenOf(node, step)), [resource])
  return found.flatMap((node) => (isObject(node) && typeof node['reference'] === 'string' ? [node['reference']] : []))
}

function childrenOf(node: unknown, step: string): unknown[] {
  const child = isObject(node) ? node[step] : undefined
  if (child === undefined) return []
  return Array.isArray(child) ? (child as unknown[]) : [child]
}
