import { type CoreNode, childrenOf, isList, Vocabulary } from '../../core/index.ts'
import type { Run } from '../../direct/index.ts'
import { rowsOf } from './rows.ts'
import type { ExplainedClause } from './schema.ts'
import { faultOf, letterOf, placeOf, type Telling, valueText } from './telling.ts'

/**
 * The clauses that a run shows: itself where CQL has a text for it, else those that it is made of. Constants and bare
 * names are left out: their text says what they are.
 */
export function clausesOf(run: Run, telling: Telling, above?: string): readonly ExplainedClause[] {
  const { node } = run
  const place = placeOf(node)
  if (node.kind === 'variable' || isConstant(node)) return []
  if (place === undefined || place === above) return withinOf(run, telling, place ?? above)
  return [clauseOf(run, telling, place)]
}

/** Literals, and lists and intervals of such. */
function isConstant(node: CoreNode): boolean {
  return node.kind === 'const' || (holders.has(node.kind) && childrenOf(node).every(isConstant))
}

const holders = new Set<CoreNode['kind']>(['list', 'interval', 'as'])

/** What the translator added (a conversion) shows as what it converts, with the value after it. */
function withinOf(run: Run, telling: Telling, above: string | undefined): readonly ExplainedClause[] {
  const parts = run.node.kind === 'call' ? run.parts.slice(0, run.node.args.length) : run.parts
  const clauses = parts.flatMap((part) => clausesOf(part, telling, above))
  const [only] = clauses
  if (only === undefined || clauses.length > 1 || run.rows !== undefined || letterOf(run) !== 'v') return clauses
  return only.letter === 'v' ? [{ ...only, value: valueText(run) }] : clauses
}

/** The clause of a run, with those that it is made of. */
export function clauseOf(run: Run, telling: Telling, place: string | undefined): ExplainedClause {
  const { node } = run
  const { library, define, locator } = node.origin
  const resources = [...telling.explained.ridsOf(run.lineage.all)]
  for (const key of resources) telling.named.add(key)
  const fault = faultOf(run.fault)
  const refers = referenceOf(node)
  return {
    kind: kindOf(node),
    library,
    define,
    range: locator ?? null,
    text: telling.texts.at(library, locator),
    letter: letterOf(run),
    value: valueText(run),
    ...(fault === undefined ? {} : { fault }),
    resources,
    ...(refers === undefined ? {} : { refers }),
    ...retrieveOf(run, telling),
    ...(run.rows === undefined ? {} : { rows: rowsOf(run.rows, telling, clauseOf) }),
    ...partsOf(run, telling, place),
  }
}

function kindOf(node: CoreNode): ExplainedClause['kind'] {
  switch (node.kind) {
    case 'return':
    case 'sort':
    case 'fold':
      return 'query'
    case 'retrieve':
    case 'call':
      return node.kind
    case 'ref':
      return 'reference'
    case 'path':
    case 'param':
    case 'tuple':
    case 'instance':
    case 'interval':
    case 'list':
      return 'value'
    default:
      return 'operator'
  }
}

function referenceOf(node: CoreNode): string | undefined {
  if (node.kind === 'ref') return node.define
  return node.kind === 'call' ? node.function : undefined
}

function retrieveOf({ node, parts, value }: Run, telling: Telling): Pick<ExplainedClause, 'retrieve'> {
  if (node.kind !== 'retrieve') return {}
  const type = node.dataType.replace(/^FHIR\./, '')
  const codes = parts[0]?.value
  return {
    retrieve: {
      type,
      valueSet: codes instanceof Vocabulary ? codes.id : null,
      found: isList(value) ? value.length : 0,
      ofType: telling.countsByType.get(type) ?? 0,
    },
  }
}

function partsOf(run: Run, telling: Telling, place: string | undefined): Pick<ExplainedClause, 'parts' | 'asAbove'> {
  const { node, parts } = run
  // The element of an element is one text: what is between is not told.
  if (node.kind === 'path') return { parts: parts.flatMap((part) => pathParts(part, telling, place)) }
  if (node.kind === 'retrieve' || node.kind === 'interval') return { parts: [] }
  if (node.kind !== 'call') return { parts: chainOf(run).flatMap((part) => clausesOf(part, telling, place)) }
  const args = parts.slice(0, node.args.length).flatMap((part) => clausesOf(part, telling, place))
  const body = parts[node.args.length]
  if (body === undefined) return { parts: args }
  if (telling.told.has(node.function)) return { parts: args, asAbove: true }
  telling.told.add(node.function)
  return { parts: [...args, ...clausesOf(body, telling, place)] }
}

const chained = new Set(['And', 'Or', 'Union'])

/** The operands of an operator; where several of one kind follow each other, of all of them. */
function chainOf({ node, parts }: Run): readonly Run[] {
  if (node.kind !== 'operator' || !chained.has(node.name)) return parts
  return parts.flatMap((part) => {
    const same = part.node.kind === 'operator' && part.node.name === node.name && part.fault === undefined
    return same ? chainOf(part) : [part]
  })
}

function pathParts(run: Run, telling: Telling, place: string | undefined): readonly ExplainedClause[] {
  return run.node.kind === 'path'
    ? run.parts.flatMap((part) => pathParts(part, telling, place))
    : clausesOf(run, telling, place)
}
