import { z } from 'zod'
import { foldSystem } from '../fhir/index.ts'

interface RawConcept {
  readonly code: string
  readonly display?: string | undefined
  readonly property?: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[] | undefined
  readonly concept?: readonly RawConcept[] | undefined
}
const concept: z.ZodType<RawConcept> = z.lazy(() =>
  z.object({
    code: z.string(),
    display: z.string().optional(),
    property: z.array(z.looseObject({ code: z.string() })).optional(),
    concept: z.array(concept).optional(),
  }),
)
const codeSystem = z.object({
  url: z.string().min(1),
  version: z.string().optional(),
  content: z.string().optional(),
  concept: z.array(concept).optional(),
})

/** A concept of a code system with what filters ask of it. */
export interface SystemConcept {
  readonly code: string
  readonly display?: string
  /** Codes of the concepts directly above it. */
  readonly parents: readonly string[]
  /** Values of its properties as text, by the property's code. */
  readonly properties: ReadonlyMap<string, readonly string[]>
}

/** A code system that is present; `url` is folded. */
export interface CodeSystem {
  readonly url: string
  readonly version?: string
  /** All its codes are here: whole systems and filters can be computed. */
  readonly isComplete: boolean
  readonly concepts: ReadonlyMap<string, SystemConcept>
}

/** Reads a FHIR CodeSystem; undefined where it is malformed. A hierarchy is given by nesting or by `parent` properties. */
export function readCodeSystem(value: unknown): CodeSystem | undefined {
  const parsed = codeSystem.safeParse(value)
  if (!parsed.success) return undefined
  const { url, version, content, concept: roots = [] } = parsed.data
  const concepts = new Map<string, SystemConcept>()
  const add = (raw: RawConcept, above: readonly string[]): void => {
    const properties = propertiesOf(raw)
    const stated = [...(properties.get('parent') ?? []), ...(properties.get('subsumedBy') ?? [])]
    concepts.set(raw.code, {
      code: raw.code,
      ...(raw.display === undefined ? {} : { display: raw.display }),
      parents: [...above, ...stated],
      properties,
    })
    for (const child of raw.concept ?? []) add(child, [raw.code])
  }
  for (const root of roots) add(root, [])
  const isComplete = content === 'complete'
  return { url: foldSystem(url), ...(version === undefined ? {} : { version }), isComplete, concepts }
}

function propertiesOf(raw: RawConcept): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const property of raw.property ?? []) {
    const value = Object.entries(property).find(([key]) => key.startsWith('value'))?.[1]
    const text = typeof value === 'object' && value !== null && 'code' in value ? value.code : value
    found.set(property.code, [...(found.get(property.code) ?? []), String(text)])
  }
  return found
}

/** A concept is a descendant of another, or the other itself. A circle of parents ends the search. */
export function isA(system: CodeSystem, code: string, ancestor: string, seen = new Set<string>()): boolean {
  if (code === ancestor) return true
  if (seen.has(code)) return false
  seen.add(code)
  return (system.concepts.get(code)?.parents ?? []).some((parent) => isA(system, parent, ancestor, seen))
}
