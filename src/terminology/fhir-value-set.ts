import { z } from 'zod'
import type { Diagnostic, Place } from '../base/index.ts'
import type { Coding } from '../fhir/index.ts'
import { checkSize, makeExpansion, nameOf } from './expansion.ts'
import type { Expansion } from './value-sets.ts'

/**
 * On a ValueSet of ours: why it names no codes although the published set has some (they may not be shipped).
 * Such a set is empty by intent; it loads with a warning.
 */
const noShippableCodes = 'https://caregap.dev/fhir/StructureDefinition/no-shippable-codes'

const extension = z.object({
  url: z.string(),
  valueString: z.string().optional(),
  valueBoolean: z.boolean().optional(),
})
const concept = z.object({ code: z.string(), display: z.string().optional() })
const include = z.object({
  system: z.string().optional(),
  concept: z.array(concept).optional(),
  filter: z.array(z.unknown()).optional(),
  valueSet: z.array(z.string()).optional(),
})
interface Contained {
  readonly system?: string | undefined
  readonly code?: string | undefined
  readonly display?: string | undefined
  readonly abstract?: boolean | undefined
  readonly contains?: readonly Contained[] | undefined
}
const contained: z.ZodType<Contained> = z.lazy(() =>
  z.object({
    system: z.string().optional(),
    code: z.string().optional(),
    display: z.string().optional(),
    abstract: z.boolean().optional(),
    contains: z.array(contained).optional(),
  }),
)
const valueSet = z.object({
  url: z.string().min(1),
  version: z.string().optional(),
  title: z.string().optional(),
  name: z.string().optional(),
  extension: z.array(extension).optional(),
  compose: z.object({ include: z.array(include), exclude: z.array(include).optional() }).optional(),
  expansion: z
    .object({
      extension: z.array(extension).optional(),
      total: z.number().optional(),
      offset: z.number().optional(),
      parameter: z.array(z.looseObject({ name: z.string() })).optional(),
      next: z.string().optional(),
      contains: z.array(contained).optional(),
    })
    .optional(),
})
type FhirValueSet = z.infer<typeof valueSet>

interface Read {
  readonly expansion?: Expansion
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a FHIR ValueSet: its expansion where it has one, else the concepts that its compose lists. One that is
 * empty, cut, or defined by more than a list (filters, other sets) is an error that names it, and no expansion.
 */
export function readFhirValueSet(value: unknown, place: Place): Read {
  const parsed = valueSet.safeParse(value)
  if (!parsed.success) {
    const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return failed('terminology/malformed-value-set', `This ValueSet is malformed: ${reason}.`, place, 'Correct it.')
  }
  const set = parsed.data
  const name = nameParts(set)
  const cut = cutSign(set)
  if (cut !== undefined) {
    const message = `Value set ${nameOf(name)} is cut: ${cut}.`
    return failed('terminology/truncated-value-set', message, place, 'Load the whole expansion.')
  }
  if (set.expansion === undefined && needsExpansion(set)) {
    const message = `Value set ${nameOf(name)} is defined by filters or other value sets and has no expansion.`
    return failed('terminology/not-expanded', message, place, 'Load its expansion.')
  }
  const codings = set.expansion === undefined ? composed(set) : flatten(set.expansion.contains ?? [])
  const expansion = makeExpansion(name, codings)
  const reason = set.extension?.find((found) => found.url === noShippableCodes)?.valueString
  if (codings.length === 0 && reason !== undefined) return emptyByIntent(expansion, reason, place)
  const diagnostics = checkSize(expansion, place)
  return diagnostics.some((found) => found.severity === 'error') ? { diagnostics } : { expansion, diagnostics }
}

function nameParts(set: FhirValueSet) {
  const title = set.title ?? set.name
  return {
    url: set.url,
    ...(set.version === undefined ? {} : { version: set.version }),
    ...(title === undefined ? {} : { title }),
  }
}

function failed(code: string, message: string, place: Place, remedy: string): Read {
  return { diagnostics: [{ code, severity: 'error', message, place, remedy }] }
}

function emptyByIntent(expansion: Expansion, reason: string, place: Place): Read {
  const message = `Value set ${nameOf(expansion)} is shipped without codes: ${reason}`
  const remedy = 'Load the official expansion to have them.'
  return {
    expansion,
    diagnostics: [{ code: 'terminology/no-shippable-codes', severity: 'warning', message, place, remedy }],
  }
}

/**
 * The sign that an expansion does not hold all members (FHIR R4, ValueSet.expansion), or undefined. A `count`
 * alone is none where a total says that everything came.
 */
function cutSign({ expansion }: FhirValueSet): string | undefined {
  if (expansion === undefined) return undefined
  const members = flatten(expansion.contains ?? []).length
  const { total, next, offset = 0 } = expansion
  if (total !== undefined && total > members) return `it has ${members} of ${total} codes`
  if (offset > 0) return `it begins at offset ${offset}`
  if (next !== undefined) return 'it names a next page'
  const paging = expansion.parameter?.find((parameter) => isPaging(parameter, members, total !== undefined))
  if (paging !== undefined) return `it was asked for with "${paging.name}"`
  const costly = expansion.extension?.find((found) => found.url.endsWith('/valueset-toocostly'))
  return costly === undefined ? undefined : 'the server found it too costly to expand'
}

type Parameter = Readonly<Record<string, unknown>> & { readonly name: string }

function isPaging(parameter: Parameter, members: number, totalIsKnown: boolean): boolean {
  const value = parameter['valueInteger'] ?? parameter['valueBoolean'] ?? parameter['valueUri']
  if (parameter.name === 'count') return !totalIsKnown && typeof value === 'number' && members >= value
  if (parameter.name === 'offset') return value !== 0
  return parameter.name === 'next' || (parameter.name === 'limitedExpansion' && value !== false)
}

function needsExpansion(set: FhirValueSet): boolean {
  const parts = [...(set.compose?.include ?? []), ...(set.compose?.exclude ?? [])]
  return parts.some((part) => (part.filter?.length ?? 0) > 0 || (part.valueSet?.length ?? 0) > 0 || wholeSystem(part))
}

/** An include of a system that lists no concepts means all of its codes (FHIR R4, ValueSet.compose). */
const wholeSystem = (part: z.infer<typeof include>): boolean => part.system !== undefined && part.concept === undefined

function composed(set: FhirValueSet): readonly Coding[] {
  const excluded = new Set(listed(set.compose?.exclude ?? []).map((coding) => `${coding.system}|${coding.code}`))
  return listed(set.compose?.include ?? []).filter((coding) => !excluded.has(`${coding.system}|${coding.code}`))
}

/** The concepts that parts of a compose list one by one. */
function listed(parts: readonly z.infer<typeof include>[]): readonly Coding[] {
  return parts.flatMap(({ system, concept: concepts }) =>
    (concepts ?? []).map(({ code, display }) => ({
      ...(system === undefined ? {} : { system }),
      code,
      ...(display === undefined ? {} : { display }),
    })),
  )
}

/** The members of an expansion that can be chosen: abstract ones only group others. */
function flatten(entries: readonly Contained[]): readonly Coding[] {
  return entries.flatMap(({ system, code, display, abstract, contains }) => [
    ...(code === undefined || abstract === true
      ? []
      : [
          {
            code,
            ...(system === undefined ? {} : { system }),
            ...(display === undefined ? {} : { display }),
          },
        ]),
    ...flatten(contains ?? []),
  ])
}
