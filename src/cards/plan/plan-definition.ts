import { z } from 'zod'
import { type Diagnostic, failure, type Result, success } from '../../base/index.ts'
import { isObject } from '../../fhir/index.ts'
import type { CardSource, Indicator } from '../card.ts'
import { type Order, readOrder } from '../draft-order.ts'
import { hookNamed } from '../hook/hook.ts'
import type { OverrideReason } from '../override-reason.ts'

const base = 'https://caregap.dev/fhir/StructureDefinition/'

/** Extensions of a card's action: the defines that list its items, say why nothing can be told, and what was left out; the types that it can do without; its override reasons. */
export const planExtensions = {
  forEach: `${base}for-each`,
  cannotTell: `${base}cannot-tell`,
  notTold: `${base}not-told`,
  mayBeMissing: `${base}may-be-missing`,
  overrideReason: `${base}override-reason`,
  sameAs: `${base}same-as`,
} as const

/** A suggestion of a card: a draft to create, or an order of the call to take back. */
export interface PlanOffer {
  readonly label: string
  readonly description: string
  readonly isRecommended: boolean
  /** Define that must be true; always offered where absent. */
  readonly condition?: string
  readonly order?: Order
  /** Takes back what the card's item names; else the define that gives the reference. */
  readonly removes?: string
}

/** One card of a plan, with the defines of its logic by what they give. */
export interface PlanCard {
  readonly id: string
  readonly hooks: readonly string[]
  readonly conditions: readonly string[]
  readonly title: string
  readonly detail: string
  readonly indicator: Indicator
  /** Defines that give summary, detail and severity in place of the fixed ones. */
  readonly dynamic: { readonly title?: string; readonly description?: string; readonly priority?: string }
  readonly forEach?: string
  readonly cannotTell?: string
  readonly notTold?: string
  readonly sameAs?: string
  /** Resource types that its logic reads and can do without: it is told which were not sent (parameter `Missing`). */
  readonly mayBeMissing: readonly string[]
  readonly source: CardSource
  readonly offers: readonly PlanOffer[]
  readonly selectionBehavior: 'at-most-one' | 'any'
  readonly overrideReasons: readonly OverrideReason[]
  /** Kinds of users and codes of roles that the card is for; everybody where empty. */
  readonly users: readonly string[]
  readonly roles: readonly string[]
}

/** A plan, read and checked but for its logic. */
export interface Plan {
  readonly id: string
  readonly url: string
  readonly version: string
  readonly title: string
  readonly description: string
  readonly library: string
  readonly cards: readonly PlanCard[]
}

const text = z.string().trim().min(1)
const expression = z.looseObject({ language: z.literal('text/cql-identifier'), expression: text })
const coding = z.looseObject({ system: text, code: text, display: text.optional() })
const concept = z.looseObject({ coding: z.array(coding).min(1) })
const artifact = z.looseObject({
  type: text,
  label: text.optional(),
  display: text.optional(),
  citation: text.optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
})
const extension = z.looseObject({
  url: text,
  valueString: text.optional(),
  valueCode: text.optional(),
  valueCoding: coding.optional(),
})
const dynamicValue = z.looseObject({
  path: z.enum(['action.title', 'action.description', 'action.priority', 'resourceId']),
  expression,
})
const condition = z.looseObject({ kind: z.literal('applicability'), expression })
const priority = z.enum(['routine', 'urgent', 'asap', 'stat'])

const offer = z.looseObject({
  title: text,
  description: text.optional(),
  precheckBehavior: z.enum(['yes', 'no']).optional(),
  condition: z.array(condition).max(1).optional(),
  type: concept.optional(),
  definitionCanonical: z.string().startsWith('#').optional(),
  dynamicValue: z.array(dynamicValue).default([]),
})

const action = z.looseObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  title: text.optional(),
  description: text.optional(),
  priority: priority.default('routine'),
  trigger: z.array(z.looseObject({ type: z.literal('named-event'), name: text })).min(1),
  condition: z.array(condition).default([]),
  dynamicValue: z.array(dynamicValue).default([]),
  documentation: z.array(artifact).default([]),
  code: z.array(concept).default([]),
  participant: z
    .array(z.looseObject({ type: z.enum(['practitioner', 'patient', 'related-person']), role: concept.optional() }))
    .default([]),
  selectionBehavior: z.enum(['at-most-one', 'any']).default('at-most-one'),
  extension: z.array(extension).default([]),
  action: z.array(offer).default([]),
})

const schema = z.looseObject({
  resourceType: z.literal('PlanDefinition'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  url: text,
  version: text,
  title: text,
  description: text,
  library: z.array(text).length(1),
  relatedArtifact: z.array(artifact).default([]),
  contained: z.array(z.looseObject({ resourceType: text, id: text })).default([]),
  action: z.array(action).min(1),
})

type Parsed = z.infer<typeof schema>
type ParsedAction = z.infer<typeof action>

/**
 * Reads a PlanDefinition as a set of cards (docs/cds-hooks.md says how it is laid out). Failure: every element
 * that would make an invalid card, with its path.
 */
export function readPlan(resource: unknown): Result<Plan> {
  const parsed = schema.safeParse(resource)
  if (!parsed.success) return failure(...parsed.error.issues.map((one) => wrong(one.path, one.message)))
  const plan = parsed.data
  const found: Diagnostic[] = []
  const cards = plan.action.map((one, index) => readCard(plan, one, ['action', index], found))
  for (const [index, { id }] of plan.action.entries())
    if (plan.action.findIndex((other) => other.id === id) < index)
      found.push(wrong(['action', index, 'id'], 'stands at an earlier action'))
  if (found.length > 0) return failure(...found)
  const { id, url, version, title, description } = plan
  return success({ id, url, version, title, description, library: plan.library[0] ?? '', cards })
}

type Path = readonly PropertyKey[]

function readCard(plan: Parsed, given: ParsedAction, path: Path, found: Diagnostic[]): PlanCard {
  const extensionOf = (url: string) => given.extension.find((one) => one.url === url)?.valueString
  const forEach = extensionOf(planExtensions.forEach)
  const cannotTell = extensionOf(planExtensions.cannotTell)
  const notTold = extensionOf(planExtensions.notTold)
  const sameAs = extensionOf(planExtensions.sameAs)
  const dynamic = Object.fromEntries(
    given.dynamicValue
      .filter((one) => one.path !== 'resourceId')
      .map((one) => [one.path.slice('action.'.length), one.expression.expression]),
  ) as PlanCard['dynamic']
  for (const [index, { name }] of given.trigger.entries())
    if (hookNamed(name) === undefined)
      found.push(wrong([...path, 'trigger', index, 'name'], `"${name}" is no hook of the CDS Hooks library`))
  if (forEach === undefined && given.title === undefined && dynamic.title === undefined)
    found.push(wrong([...path, 'title'], 'is missing, and no dynamicValue gives it: the card would have no summary'))
  if (forEach === undefined && given.condition.length === 0)
    found.push(wrong([...path, 'condition'], 'is missing: the card would always be there'))
  if ((given.title?.length ?? 0) >= 140) found.push(wrong([...path, 'title'], 'has 140 characters or more'))
  return {
    id: given.id,
    hooks: given.trigger.map(({ name }) => name),
    conditions: given.condition.map((one) => one.expression.expression),
    title: given.title ?? '',
    detail: given.description ?? '',
    indicator: indicatorOf(given.priority),
    dynamic,
    ...(forEach === undefined ? {} : { forEach }),
    ...(cannotTell === undefined ? {} : { cannotTell }),
    ...(notTold === undefined ? {} : { notTold }),
    ...(sameAs === undefined ? {} : { sameAs }),
    mayBeMissing: given.extension.flatMap((one) =>
      one.url === planExtensions.mayBeMissing && one.valueCode !== undefined ? [one.valueCode] : [],
    ),
    source: sourceOf(plan, given),
    offers: given.action.map((one, index) => readOffer(plan, one, forEach, [...path, 'action', index], found)),
    selectionBehavior: given.selectionBehavior,
    overrideReasons: reasonsOf(given, path, found),
    users: given.participant.map(({ type }) => type),
    roles: given.participant.flatMap(({ role }) => role?.coding.map(({ code }) => code) ?? []),
  }
}

/** Severity as PlanDefinition tells urgency: routine is information, urgent and asap a warning, stat critical. */
export function indicatorOf(given: string): Indicator {
  return given === 'stat' ? 'critical' : given === 'urgent' || given === 'asap' ? 'warning' : 'info'
}

function sourceOf(plan: Parsed, given: ParsedAction): CardSource {
  const cited = [...given.documentation, ...plan.relatedArtifact].find(
    ({ type }) => type === 'citation' || type === 'documentation' || type === 'derived-from',
  )
  const topic = given.code[0]?.coding[0]
  return {
    label: cited?.label ?? cited?.display ?? plan.title,
    ...(cited?.url === undefined ? {} : { url: cited.url }),
    ...(topic === undefined
      ? {}
      : {
          topic: {
            system: topic.system,
            code: topic.code,
            ...(topic.display === undefined ? {} : { display: topic.display }),
          },
        }),
  }
}

function reasonsOf(given: ParsedAction, path: Path, found: Diagnostic[]): readonly OverrideReason[] {
  return given.extension.flatMap((one, index) => {
    if (one.url !== planExtensions.overrideReason) return []
    const { valueCoding } = one
    if (valueCoding?.display !== undefined) {
      const { system, code, display } = valueCoding
      return [{ system, code, display }]
    }
    found.push(wrong([...path, 'extension', index], 'is an override reason without system, code and display'))
    return []
  })
}

function readOffer(
  plan: Parsed,
  given: z.infer<typeof offer>,
  forEach: string | undefined,
  path: Path,
  found: Diagnostic[],
): PlanOffer {
  const common = {
    label: given.title,
    description: given.description ?? given.title,
    isRecommended: given.precheckBehavior === 'yes',
    ...(given.condition?.[0] === undefined ? {} : { condition: given.condition[0].expression.expression }),
  }
  const removes = given.dynamicValue.find((one) => one.path === 'resourceId')?.expression.expression
  if (given.type?.coding.some(({ code }) => code === 'remove') === true) {
    if (removes === undefined && forEach === undefined)
      found.push(wrong([...path, 'dynamicValue'], 'is missing: resourceId says which order is taken back'))
    return { ...common, removes: removes ?? '' }
  }
  const target = given.definitionCanonical?.slice(1)
  const activity = plan.contained.find((one) => one.resourceType === 'ActivityDefinition' && one.id === target)
  const read = isObject(activity) ? readOrder(activity) : { fault: 'is no contained ActivityDefinition' }
  if ('order' in read) return { ...common, order: read.order }
  found.push(wrong([...path, 'definitionCanonical'], `"#${target ?? ''}" ${read.fault}`))
  return common
}

/** A fault of a plan, at its element. */
export function wrong(path: Path, message: string): Diagnostic {
  const element = path.map(String).join('.')
  return {
    code: 'cards/invalid-plan',
    severity: 'error',
    message: `${element === '' ? 'The plan' : element}: ${message}.`,
    place: { element },
    remedy: 'Correct the PlanDefinition; docs/cds-hooks.md shows the form.',
  }
}
