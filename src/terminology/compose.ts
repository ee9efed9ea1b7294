import { z } from 'zod'
import { type Coding, foldSystem } from '../fhir/index.ts'
import { type CodeSystem, isA, type SystemConcept } from './code-system.ts'

const filter = z.object({ property: z.string(), op: z.string(), value: z.string() })
const include = z.object({
  system: z.string().optional(),
  version: z.string().optional(),
  concept: z.array(z.object({ code: z.string(), display: z.string().optional() })).optional(),
  filter: z.array(filter).optional(),
  valueSet: z.array(z.string()).optional(),
})

export const compose = z.object({ include: z.array(include), exclude: z.array(include).optional() })

export type Compose = z.infer<typeof compose>
type Include = z.infer<typeof include>
type Filter = z.infer<typeof filter>

/** What a compose may refer to: undefined where it is not at hand. */
export interface Terminology {
  codeSystem(url: string, version?: string): CodeSystem | undefined
  /** Members of another value set. */
  valueSet(canonical: string): readonly Coding[] | undefined
}

/** Nothing but what a compose lists itself. */
export const noTerminology: Terminology = { codeSystem: () => undefined, valueSet: () => undefined }

/** The codes of a compose, and why it cannot be computed as a whole, if so: then the codes are some of them. */
export interface Composed {
  readonly codings: readonly Coding[]
  readonly problems: readonly string[]
}

/**
 * Computes ValueSet.compose (FHIR R4): each include is what its concepts, filters or whole system give, cut by the value
 * sets that it names; what an exclude gives is taken out. Filters: is-a, descendent-of, is-not-a, =, in,
 * not-in, exists, regex, generalizes and child-of over code systems that are present as a whole. Anything else is a problem, never a guess.
 */
export function computeCompose(parts: Compose, terminology: Terminology): Composed {
  const included = parts.include.map((part) => computePart(part, terminology))
  const excluded = (parts.exclude ?? []).map((part) => computePart(part, terminology))
  const out = new Set(excluded.flatMap(({ codings }) => codings.map(keyOf)))
  return {
    codings: included.flatMap(({ codings }) => codings).filter((coding) => !out.has(keyOf(coding))),
    problems: [...new Set([...included, ...excluded].flatMap(({ problems }) => problems))],
  }
}

const keyOf = ({ system, code }: Coding): string => `${system === undefined ? '' : foldSystem(system)}|${code ?? ''}`

function computePart(part: Include, terminology: Terminology): Composed {
  const sets = (part.valueSet ?? []).map((canonical) => ({ canonical, members: terminology.valueSet(canonical) }))
  const problems = sets.flatMap(({ canonical, members }) =>
    members === undefined ? [`value set ${canonical} is not at hand`] : [],
  )
  const own = part.system === undefined ? undefined : codesOfSystem(part, part.system, terminology)
  const lists = [
    ...(own === undefined ? [] : [own.codings]),
    ...sets.flatMap(({ members }) => (members ? [members] : [])),
  ]
  const [first = [], ...others] = lists
  const keys = others.map((codings) => new Set(codings.map(keyOf)))
  return {
    codings: first.filter((coding) => keys.every((known) => known.has(keyOf(coding)))),
    problems: [...problems, ...(own?.problems ?? [])],
  }
}

function codesOfSystem(part: Include, system: string, terminology: Terminology): Composed {
  const listed = part.concept?.map(({ code, display }) => ({
    system,
    code,
    ...(display === undefined ? {} : { display }),
  }))
  const filters = part.filter ?? []
  if (listed !== undefined && filters.length === 0) return { codings: listed, problems: [] }
  const present = terminology.codeSystem(system, part.version)
  if (present?.isComplete !== true) {
    const how = present === undefined ? 'is not at hand' : 'is not complete'
    return { codings: listed ?? [], problems: [`code system ${system} ${how}`] }
  }
  const problems = filters.map(problemOf).filter((problem) => problem !== undefined)
  if (problems.length > 0) return { codings: [], problems }
  const wanted = listed === undefined ? undefined : new Set(listed.map(({ code }) => code))
  const concepts = [...present.concepts.values()].filter(
    (concept) =>
      wanted?.has(concept.code) !== false && filters.every((one) => tests[one.op]?.(present, concept, one) === true),
  )
  return { codings: concepts.map(({ code, display }) => ({ system, code, ...(display ? { display } : {}) })), problems }
}

type Test = (system: CodeSystem, concept: SystemConcept, filter: Filter) => boolean

const tests: Readonly<Record<string, Test>> = {
  'is-a': (system, { code }, { value }) => isA(system, code, value),
  'descendent-of': (system, { code }, { value }) => code !== value && isA(system, code, value),
  'is-not-a': (system, { code }, { value }) => !isA(system, code, value),
  '=': (_system, concept, { property, value }) => valuesOf(concept, property).includes(value),
  in: (_system, concept, { property, value }) => isAmong(concept, property, value),
  'not-in': (_system, concept, { property, value }) => !isAmong(concept, property, value),
  exists: (_system, concept, { property, value }) => valuesOf(concept, property).length > 0 === (value === 'true'),
  generalizes: (system, { code }, { value }) => isA(system, value, code),
  'child-of': (_system, { parents }, { value }) => parents.includes(value),
  regex: (_system, concept, { property, value }) => {
    const whole = wholeMatch(value)
    return whole !== undefined && valuesOf(concept, property).some((one) => whole.test(one))
  },
}

/** A regex matches a value as a whole (FHIR R4, filter-operator); undefined for a text that is none. */
function wholeMatch(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`)
  } catch {
    return undefined
  }
}

/** Why a filter cannot be computed; undefined where it can. */
function problemOf({ op, value }: Filter): string | undefined {
  if (!(op in tests)) return `the filter "${op}" is not supported`
  return op === 'regex' && wholeMatch(value) === undefined
    ? 'the filter "regex" holds no regular expression'
    : undefined
}

function valuesOf(concept: SystemConcept, property: string): readonly string[] {
  if (property === 'code' || property === 'concept') return [concept.code]
  if (property === 'display') return concept.display === undefined ? [] : [concept.display]
  return property === 'parent' ? concept.parents : (concept.properties.get(property) ?? [])
}

function isAmong(concept: SystemConcept, property: string, list: string): boolean {
  const wanted = list.split(',').map((one) => one.trim())
  return valuesOf(concept, property).some((one) => wanted.includes(one))
}
