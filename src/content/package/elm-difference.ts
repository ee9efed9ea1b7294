import type { Diagnostic } from '../../base/index.ts'
import type { ElmLibrary, ElmStatement } from '../../elm/index.ts'
import { isObject } from '../../fhir/index.ts'

/** What ELM says of itself and not of the logic: places, annotations, types of results. */
const besides: ReadonlySet<string> = new Set([
  'annotation',
  'localId',
  'locator',
  'resultTypeName',
  'resultTypeSpecifier',
  'signature',
])

/** Operators whose operands may stand in any order. */
const unordered: ReadonlySet<string> = new Set(['And', 'Or', 'Union', 'Intersect'])

/**
 * How shipped ELM differs from that made of the CQL: information, for the CQL counts. Statements are compared without
 * places, annotations and result types, and with the operands of And, Or and Union, the branches of Case and
 * the types of a choice in any order.
 */
export function compareElm(made: ElmLibrary, shipped: ElmLibrary, file: string): readonly Diagnostic[] {
  const own = textsByName(made)
  const theirs = textsByName(shipped)
  const differing = [...new Set([...own.keys(), ...theirs.keys()])].filter((name) => own.get(name) !== theirs.get(name))
  if (differing.length === 0) return []
  const shown = differing.slice(0, 5).map((name) => `"${name}"`)
  const more = differing.length > shown.length ? ` and ${differing.length - shown.length} more` : ''
  return [
    {
      code: 'content/elm-differs',
      severity: 'information',
      message: `The shipped ELM differs from its CQL in ${differing.length} of ${own.size} statements: ${shown.join(', ')}${more}.`,
      place: { file, library: made.identifier.id },
    },
  ]
}

/** The text of each define, and of all overloads of each function together. */
function textsByName(library: ElmLibrary): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>()
  for (const statement of library.statements?.def ?? []) {
    texts.set(statement.name, [...(texts.get(statement.name) ?? []), textOf(statement)])
  }
  return new Map([...texts].map(([name, all]) => [name, all.sort().join('\n')]))
}

const textOf = (statement: ElmStatement): string => JSON.stringify(plain(statement))

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  const entries = Object.entries(value)
    .filter(([key, item]) => !besides.has(key) && !(Array.isArray(item) && item.length === 0))
    .map(([key, item]): [string, unknown] => [key, plain(item)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const node = Object.fromEntries(entries)
  if (unordered.has(String(value['type']))) return { ...node, operand: textsOf(operandsOf(value)) }
  // Translators write the branches of a conversion by type, and the types of a choice, in any order.
  const list = listsInAnyOrder.get(String(value['type']))
  const items = list === undefined ? undefined : node[list]
  return list !== undefined && Array.isArray(items) ? { ...node, [list]: textsOf(items) } : node
}

const listsInAnyOrder: ReadonlyMap<string, string> = new Map([
  ['Case', 'caseItem'],
  ['ChoiceTypeSpecifier', 'choice'],
])

const textsOf = (values: readonly unknown[]): readonly string[] => values.map((one) => JSON.stringify(one)).sort()

/** The operands of a chain: `a or (b or c)` and `(a or b) or c` have the same three. */
function operandsOf(node: Readonly<Record<string, unknown>>): readonly unknown[] {
  const operands: readonly unknown[] = Array.isArray(node['operand']) ? node['operand'] : []
  return operands.flatMap((operand) =>
    isObject(operand) && operand['type'] === node['type'] ? operandsOf(operand) : [plain(operand)],
  )
}
