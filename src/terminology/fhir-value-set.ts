import { z } from 'zod'
import type { Diagnostic, Place } from '../base/index.ts'
import type { Coding } from '../fhir/index.ts'
import { compose, computeCompose, noTerminology, type Terminology } from './compose.ts'
import { makeExpansion, nameOf, sizeFault, sizeFlaw } from './expansion.ts'
import type { Expansion } from './value-sets.ts'

/**
 * On a ValueSet of ours: why it names no codes although the published set has some (they may not be shipped).
 * Such a set is empty by intent; it loads with a warning.
 */
const noShippableCodes = 'https://caregap.dev/fhir/StructureDefinition/no-shippable-codes'

/** On a ValueSet of ours: how many codes the published set of that canonical has. Ours has those that may be shipped. */
const officialCodeCount = 'https://caregap.dev/fhir/StructureDefinition/official-code-count'

const extension = z.object({
  url: z.string(),
  valueInteger: z.number().optional(),
  valueString: z.string().optional(),
  valueBoolean: z.boolean().optional(),
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
  compose: compose.optional(),
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

/** What became of a set. `expansion`: it is whole. `partial`: it is not, and says why; of use only where it is accepted. */
export interface ReadValueSet {
  readonly expansion?: Expansion
  readonly partial?: Expansion
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a FHIR ValueSet: its expansion where it has one, else what its compose gives over the terminology at hand. One
 * that is empty, cut, or that cannot be computed as a whole is an error that names it, and no expansion.
 */
export function readFhirValueSet(value: unknown, place: Place, terminology: Terminology = noTerminology): ReadValueSet {
  const parsed = valueSet.safeParse(value)
  if (!parsed.success) {
    const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    const message = `This ValueSet is malformed: ${reason}.`
    const diagnostic: Diagnostic = {
      code: 'terminology/malformed-value-set',
      severity: 'error',
      message,
      place,
      remedy: 'Correct it.',
    }
    return { diagnostics: [diagnostic] }
  }
  const set = parsed.data
  const name = nameParts(set)
  const listed = flatten(set.expansion?.contains ?? [])
  const cut = cutSign(set)
  if (cut !== undefined) {
    return flawed(
      'truncated-value-set',
      makeExpansion(name, listed),
      `it is cut: ${cut}`,
      place,
      'Load the whole expansion.',
    )
  }
  const composed = set.expansion === undefined ? computeCompose(set.compose ?? { include: [] }, terminology) : undefined
  const expansion = makeExpansion(name, composed?.codings ?? listed)
  if (composed !== undefined && composed.problems.length > 0) {
    const why = `it has no expansion and cannot be computed: ${composed.problems.join('; ')}`
    return flawed('not-expanded', expansion, why, place, 'Load its expansion.')
  }
  const reason = set.extension?.find((found) => found.url === noShippableCodes)?.valueString
  if (expansion.members.length === 0 && reason !== undefined) return emptyByIntent(expansion, reason, place)
  return checked(expansion, place, composed === undefined || isListed(set.compose))
}

/** A compose that lists every code is a copy of what some server gave; any other is computed here. */
const isListed = (parts: FhirValueSet['compose']): boolean =>
  (parts?.include ?? []).every(({ concept, valueSet: sets }) => concept !== undefined && sets === undefined)

/** An expansion unless its size says that it is not whole: then what is there, with why. */
export function checked(expansion: Expansion, place: Place, isList = true): ReadValueSet {
  const flaw = sizeFlaw(expansion.members.length, isList)
  if (flaw === undefined) return { expansion, diagnostics: [] }
  return { partial: { ...expansion, flaw }, diagnostics: [sizeFault(expansion, flaw, place)] }
}

function nameParts(set: FhirValueSet) {
  const title = set.title ?? set.name
  const officialCodes = set.extension?.find(({ url }) => url === officialCodeCount)?.valueInteger
  return {
    url: set.url,
    ...(set.version === undefined ? {} : { version: set.version }),
    ...(title === undefined ? {} : { title }),
    ...(officialCodes === undefined ? {} : { officialCodes }),
  }
}

function flawed(code: string, found: Expansion, flaw: string, place: Place, remedy: string): ReadValueSet {
  const message = `Value set ${nameOf(found)} is not whole: ${flaw}.`
  return {
    partial: { ...found, flaw },
    diagnostics: [{ code: `terminology/${code}`, severity: 'error', message, place, remedy }],
  }
}

function emptyByIntent(expansion: Expansion, reason: string, place: Place): ReadValueSet {
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
