import { z } from 'zod'
import { isObject, isResource, type Resource } from '../../fhir/index.ts'
import type { FieldKind, HookDefinition } from './hook.ts'

const id = '[A-Za-z0-9\\-.]{1,64}'

type NamedKind = Exclude<FieldKind, 'bundle' | 'resource' | 'references' | 'selections'>

/** Published examples send references where the text says ids: both are taken. */
const patterns: Readonly<Record<NamedKind, readonly [pattern: RegExp, words: string]>> = {
  user: [
    new RegExp(`^(Practitioner|PractitionerRole|Patient|RelatedPerson)/${id}$`),
    'must be a reference to a Practitioner, PractitionerRole, Patient or RelatedPerson',
  ],
  practitioner: [
    new RegExp(`^(Practitioner|PractitionerRole)/${id}$`),
    'must be a reference to a Practitioner or PractitionerRole',
  ],
  patient: [new RegExp(`^(Patient/)?${id}$`), 'must be the id of a Patient'],
  encounter: [new RegExp(`^(Encounter/)?${id}$`), 'must be the id of an Encounter'],
  reference: [new RegExp(`^[A-Z][A-Za-z]+/${id}$`), 'must be a reference as Type/id'],
}

const resource = z.custom<Resource>(isResource, 'must be a FHIR resource')

/** Bundles of drafts come without a type, and with entries that hold next to nothing. */
const bundle = z
  .custom<Resource>((value) => isResource(value) && value.resourceType === 'Bundle', 'must be a Bundle')
  .refine((value) => entriesOf(value) !== undefined, 'must be a Bundle whose entries hold resources')

function entriesOf(value: Resource): readonly Resource[] | undefined {
  const entries = value['entry'] ?? []
  if (!Array.isArray(entries)) return undefined
  const resources = entries.map((entry: unknown) => (isObject(entry) ? entry['resource'] : undefined))
  return resources.every(isResource) ? resources : undefined
}

function schemaOf(kind: FieldKind): z.ZodType {
  if (kind === 'bundle') return bundle
  if (kind === 'resource') return resource
  const several = kind === 'references' || kind === 'selections'
  const [pattern, words] = patterns[several ? 'reference' : kind]
  const text = z.string().regex(pattern, words)
  return several ? z.array(text) : text
}

type ContextSchema = z.ZodType<Readonly<Record<string, unknown>>>

const schemas = new Map<HookDefinition, ContextSchema>()

/** What must stand in the context of a hook. Fields of other hooks and of extensions do no harm. */
export function contextSchema(hook: HookDefinition): ContextSchema {
  // Making a schema takes longer than reading a request with it.
  const known = schemas.get(hook) ?? makeSchema(hook)
  schemas.set(hook, known)
  return known
}

function makeSchema(hook: HookDefinition): ContextSchema {
  const shape = Object.fromEntries(
    hook.context.map(({ name, kind, required }) => [name, required ? schemaOf(kind) : schemaOf(kind).nullish()]),
  )
  const context = z.looseObject(shape)
  if (hook.name !== 'order-dispatch') return context
  return context.refine((given) => given['dispatchedOrders'] != null || given['order'] != null, {
    path: ['dispatchedOrders'],
    message: 'is missing, and so is the order of version 1.0',
  })
}

/** What the user is about to do, as the context tells it. */
export interface ContextFacts {
  /** Drafts, appointments, conditions: each with an id. */
  readonly resources: readonly Resource[]
  /** References (`Type/id`) to what the call is about; of a choice among drafts, those that were chosen. */
  readonly orders: readonly string[]
}

/** The resources of a checked context, and those of them that the call is about. */
export function contextFacts(hook: HookDefinition, context: Readonly<Record<string, unknown>>): ContextFacts {
  const resources = hook.context.flatMap(({ name, kind }) => {
    const value = context[name]
    if (!isResource(value)) return []
    return kind === 'bundle' ? (entriesOf(value) ?? []) : kind === 'resource' ? [value] : []
  })
  const named = resources.map((one, index) => (one.id === undefined ? { ...one, id: `draft-${index + 1}` } : one))
  const all = named.map(({ resourceType, id: own }) => `${resourceType}/${own}`)
  const chosen = listOf(context['selections'])
  if (chosen !== undefined) return { resources: named, orders: [...new Set(chosen)] }
  const dispatched = listOf(context['dispatchedOrders']) ?? listOf([context['order']])
  return { resources: named, orders: [...all, ...(dispatched ?? [])] }
}

function listOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((one): one is string => typeof one === 'string')
}
