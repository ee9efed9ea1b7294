import { type Diagnostic, failure, type Result, success } from '../../base/index.ts'
import { type Core, type CoreType, compileDefines, formatType, Tuple, type Value } from '../../core/index.ts'
import { createDirect, type Evaluation, expansionsOf, fhirModel, timestampOf } from '../../direct/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import type { PersonRecord } from '../../fhir/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { configuredValue } from './parameter.ts'
import { type Plan, type PlanCard, wrong } from './plan-definition.ts'

/** The logic of a plan as closures. It keeps nothing of anybody. */
export interface PlanLogic {
  /** Resource types that a card's defines retrieve. */
  typesOf(card: PlanCard): readonly string[]
  /** One evaluation for a record: defines are evaluated when first asked for. */
  evaluate(input: PlanInput): Evaluation
  /** The name of a define as the evaluation takes it. */
  nameOf(define: string): string
}

export interface PlanInput {
  readonly record: PersonRecord
  /** `Type/id` of what the call is about, ids as in the record. */
  readonly orders: readonly string[]
  /** Types that the plan can do without and that nobody sent. */
  readonly missing: readonly string[]
  /** The moment of the call with its offset. */
  readonly now: string
}

/** How many rows one plan may look at for one person: a second's worth. */
const mostRows = 1_000_000

/**
 * Compiles what the cards of a plan read and checks it: every define there, of the type that its place takes, every
 * parameter of the configuration declared. Failure: all faults, each with the define or element.
 */
export function planLogic(
  plan: Plan,
  closure: LibraryClosure,
  valueSets: ValueSets,
  configured: Readonly<Record<string, string | number | boolean>>,
): Result<PlanLogic> {
  const found: Diagnostic[] = []
  const types = new Map<string, readonly string[]>()
  for (const [index, card] of plan.cards.entries()) {
    const compiled = compileDefines(
      closure,
      definesOf(card).map(({ define }) => define),
    )
    if (!compiled.ok) {
      found.push(...compiled.diagnostics)
      continue
    }
    found.push(...typeFaults(card, compiled.value, ['action', index]))
    const read = retrievedTypes(compiled.value)
    types.set(card.id, read)
    found.push(
      ...card.mayBeMissing
        .filter((type) => !read.includes(type))
        .map((type) =>
          wrong(['action', index, 'extension'], `"${type}" may be missing, and the logic does not read it`),
        ),
    )
  }
  const core = compileDefines(closure, wantedDefines(plan))
  if (!core.ok || found.length > 0) return failure(...distinct([...found, ...core.diagnostics]))
  const parameters = parametersOf(core.value, configured)
  if (!parameters.ok) return parameters
  const program = createDirect(core.value, fhirModel('inferred'))
  const expansion = expansionsOf(valueSets)
  const keysOf = (wanted: string) =>
    [...core.value.parameters].filter(([, { name }]) => name === wanted).map(([key]) => key)
  const [orderKeys, missingKeys] = [keysOf('Orders'), keysOf('Missing')]
  return success({
    typesOf: (card) => types.get(card.id) ?? [],
    nameOf: (define) => `${core.value.main}.${define}`,
    evaluate({ record, orders, missing, now }) {
      const given = new Map([
        ...parameters.value,
        ...orderKeys.map((key) => [key, orders] as const),
        ...missingKeys.map((key) => [key, missing] as const),
      ])
      return program.evaluate({ record, parameters: given, now: timestampOf(now), expansion, maxRows: mostRows })
    },
  })
}

/** Every define that a plan names, each once. */
export function wantedDefines(plan: Plan): readonly string[] {
  return [...new Set(plan.cards.flatMap((card) => definesOf(card).map(({ define }) => define)))]
}

interface WantedDefine {
  readonly define: string
  readonly takes: 'Boolean' | 'String' | 'items'
  readonly element: string
}

/** Every define that a card names, and the type that its place takes. */
function definesOf(card: PlanCard): readonly WantedDefine[] {
  const optional = (define: string | undefined, takes: WantedDefine['takes'], element: string) =>
    define === undefined || define === '' ? [] : [{ define, takes, element }]
  return [
    ...card.conditions.map((define) => ({ define, takes: 'Boolean' as const, element: 'condition' })),
    ...optional(card.dynamic.title, 'String', 'dynamicValue'),
    ...optional(card.dynamic.description, 'String', 'dynamicValue'),
    ...optional(card.dynamic.priority, 'String', 'dynamicValue'),
    ...optional(card.forEach, 'items', 'extension'),
    ...optional(card.cannotTell, 'String', 'extension'),
    ...optional(card.notTold, 'String', 'extension'),
    ...card.offers.flatMap((offer) => [
      ...optional(offer.condition, 'Boolean', 'action'),
      ...optional(offer.removes, 'String', 'action'),
    ]),
  ]
}

const itemFields: Readonly<Record<string, boolean>> = {
  title: true,
  description: false,
  priority: false,
  order: false,
  key: false,
}

function typeFaults(card: PlanCard, core: Core, path: readonly (string | number)[]): readonly Diagnostic[] {
  return definesOf(card).flatMap(({ define, takes, element }) => {
    const type = core.defines.get(`${core.main}.${define}`)?.root.type
    if (type === undefined || (takes === 'items' ? isItems(type) : isSystem(type, takes))) return []
    const needed = takes === 'items' ? 'a list of tuples with title, description, priority, order, key' : `a ${takes}`
    return [wrong([...path, element], `"${define}" gives ${formatType(type)}, where ${needed} is needed`)]
  })
}

const isSystem = (type: CoreType, name: string): boolean =>
  type.kind === 'system' && (type.name === name || type.name === 'Any')

function isItems(type: CoreType): boolean {
  if (type.kind !== 'list' || type.of.kind !== 'tuple') return false
  const { elements } = type.of
  const texts = elements.every((one) => itemFields[one.name] === undefined || isSystem(one.type, 'String'))
  return texts && Object.entries(itemFields).every(([name, must]) => !must || elements.some((one) => one.name === name))
}

/** Types that core retrieves, wherever in it. */
function retrievedTypes(core: Core): readonly string[] {
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const stack: unknown[] = [...core.defines.values(), ...core.functions.values()].map(({ root }) => root)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node !== 'object' || node === null || seen.has(node)) continue
    seen.add(node)
    const { kind, dataType } = node as { readonly kind?: unknown; readonly dataType?: unknown }
    if (kind === 'retrieve' && typeof dataType === 'string') found.add(dataType.replace(/^FHIR\./, ''))
    stack.push(...Object.values(node))
  }
  return [...found].sort()
}

/** Parameters that each call gives. */
const ofTheCall: ReadonlySet<string> = new Set(['Orders', 'Missing'])

function parametersOf(
  core: Core,
  configured: Readonly<Record<string, string | number | boolean>>,
): Result<ReadonlyMap<string, Value>> {
  const found: Diagnostic[] = []
  const values = new Map<string, Value>()
  for (const [name, given] of Object.entries(configured)) {
    const declared = [...core.parameters].filter(([, parameter]) => parameter.name === name && !ofTheCall.has(name))
    if (declared.length === 0) found.push(wrongParameter(name, 'is no parameter of this service'))
    for (const [key, { type }] of declared) {
      const value = configuredValue(given, type)
      if (value === undefined) found.push(wrongParameter(name, `is no ${formatType(type)}`))
      else values.set(key, value)
    }
  }
  return found.length > 0 ? failure(...found) : success(values)
}

function wrongParameter(name: string, message: string): Diagnostic {
  return {
    code: 'cards/invalid-parameter',
    severity: 'error',
    message: `The configured parameter "${name}" ${message}.`,
    place: { element: `parameters.${name}` },
    remedy: 'Correct it under cds.services in the configuration.',
  }
}

function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [`${one.message} ${JSON.stringify(one.place)}`, one])).values()]
}

/** A field of an item as text; undefined where it is null or absent. */
export function itemText(item: Value, field: string): string | undefined {
  const value = item instanceof Tuple ? item.fields.get(field) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
