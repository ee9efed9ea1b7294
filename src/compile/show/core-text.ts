import { type Core, formatType, formatValue, type Value } from '../../core/index.ts'

/** Core as indented text: each define with its type, below it its nodes, one on a line, parts below wholes. */
export function coreText(core: Core): string {
  const defines = [...core.defines].map(([name, body]) => bodyText(`define ${name}`, body.root))
  const functions = [...core.functions].map(([name, body]) => {
    const operands = body.operands.map((operand) => `${variableName(operand)}: ${formatType(operand.type)}`)
    return bodyText(`function ${name}(${operands.join(', ')})`, body.root)
  })
  return [...defines, ...functions].join('\n\n')
}

const bodyText = (title: string, root: object): string => [title, ...linesOf(root, '', 1)].join('\n')

/** Properties that a line does not show: where a node comes from, and what its line names already. */
const unshown = new Set(['kind', 'type', 'origin', 'overloads', 'site', 'lifts', 'takesUncertain'])

type Named = { readonly id: number; readonly name: string }

const variableName = ({ id, name }: Named): string => `${name}#${id}`

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isVariable = (value: unknown): value is Named =>
  isObject(value) && typeof value['id'] === 'number' && typeof value['name'] === 'string' && !('kind' in value)

const isNode = (value: unknown): boolean => isObject(value) && typeof value['kind'] === 'string'

/** A node's line and, deeper, those of its parts under the names that they have in the node. */
function linesOf(node: object, role: string, depth: number): readonly string[] {
  const entries = Object.entries(node).filter(([name, value]) => !unshown.has(name) && value !== undefined)
  const own = entries.flatMap(([name, value]) => attribute(name, value, node))
  const parts = entries.flatMap(([name, value]) => partLines(name, value, depth + 1))
  const { kind, type } = node as { kind?: string; type?: Parameters<typeof formatType>[0] }
  const ending = type === undefined ? '' : ` : ${formatType(type)}`
  const line = [role === '' ? '' : `${role}:`, kind ?? '', ...own].filter((word) => word !== '').join(' ')
  return [`${'  '.repeat(depth)}${line}${ending}`, ...parts]
}

function attribute(name: string, value: unknown, node: object): readonly string[] {
  if (isVariable(value)) return [variableName(value)]
  if (name === 'value' && (node as { kind?: string }).kind === 'const') return [formatValue(value as Value)]
  if (name === 'target') return [formatType(value as Parameters<typeof formatType>[0])]
  if (name === 'path' && Array.isArray(value)) return [value.join('.')]
  if (typeof value === 'boolean') return value ? [name] : []
  return typeof value === 'string' ? [name === 'name' ? value : `${name} ${value}`] : []
}

/** The lines of what a property holds: a node, a list of nodes, or a structure around nodes. */
function partLines(name: string, value: unknown, depth: number): readonly string[] {
  if (isVariable(value)) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => partLines(`${name} ${index + 1}`, item, depth))
  if (!isObject(value) || (name === 'value' && !isNode(value))) return []
  if (name === 'target') return []
  return linesOf(value, name, depth)
}
