import { type Core, type CoreNode, type CoreType, childrenOf } from '../../core/index.ts'
import { typedFields } from '../../fhir/index.ts'
import { signElements } from '../../plan/index.ts'
import type { AskedElements, SetTables } from '../../store/index.ts'
import type { StoredData } from './held-elements.ts'

/**
 * The elements that a program reads, by type: those of its columns. Of an element which columns do not represent in every
 * resource the plan may read no column because all others have none; it is read where the logic names it, so that
 * those resources are not taken for the others.
 */
export function elementsRead(
  read: ReadonlyMap<string, ReadonlySet<string>>,
  core: Core,
  { tables, stored }: { readonly tables: SetTables; readonly stored: StoredData },
): readonly AskedElements[] {
  const named = namedElements(core)
  return [...tables.typed].flatMap(([type, table]) => {
    const columns = [...(read.get(table) ?? [])]
    const partial = stored.types.get(type)?.partial
    const elements = (typedFields(type) ?? []).filter(
      ({ name, options }) =>
        columns.some((column) => column === `${name}_kind` || options.some(({ key }) => key === column)) ||
        (partial?.has(name) === true && named(type, name)),
    )
    const isRead = columns.length > 0 || elements.length > 0
    return isRead ? [{ type, elements: elements.map((one) => one.name) }] : []
  })
}

/** The elements that paths and retrieves of the logic name, by the class that has them, with those that tell profiles apart. */
function namedElements(core: Core): (type: string, name: string) => boolean {
  const names = new Map<string, Set<string>>()
  const note = (type: string, name: string | undefined): void => {
    const known = names.get(type) ?? new Set<string>(signElements)
    names.set(type, known)
    if (name !== undefined) known.add(name)
  }
  const seen = new Set<CoreNode>()
  const visit = (node: CoreNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'path') for (const type of classesOf(node.source.type)) note(type, node.path[0])
    if (node.kind === 'retrieve') for (const type of classesOf(node.type)) note(type, node.codes?.path)
    for (const child of childrenOf(node)) visit(child)
  }
  for (const { root } of [...core.defines.values(), ...core.functions.values()]) visit(root)
  return (type, name) => [type, ...abstract].some((one) => names.get(one)?.has(name) === true)
}

/** What a value may be that is some resource, or anything. */
const abstract = ['Resource', 'DomainResource', 'Any']

/** The classes that values of a type may be of. */
function classesOf(type: CoreType): readonly string[] {
  switch (type.kind) {
    case 'class':
      return [type.name.slice(type.name.lastIndexOf('.') + 1)]
    case 'list':
      return classesOf(type.of)
    case 'choice':
      return type.of.flatMap(classesOf)
    case 'system':
      return type.name === 'Any' ? [type.name] : []
    default:
      return []
  }
}
