import { z } from 'zod'

/** The parts of an R4 Measure that are read; anything else is kept in the resource as it came. */
const coding = z.object({ system: z.string().optional(), code: z.string().optional() })
const concept = z.object({ coding: z.array(coding).optional(), text: z.string().optional() })
interface Extension {
  readonly url: string
  readonly valueString?: string | undefined
  readonly valueCode?: string | undefined
  readonly valueCodeableConcept?: z.infer<typeof concept> | undefined
  readonly extension?: readonly Extension[] | undefined
}
const extension: z.ZodType<Extension> = z.lazy(() =>
  z.object({
    url: z.string(),
    valueString: z.string().optional(),
    valueCode: z.string().optional(),
    valueCodeableConcept: concept.optional(),
    extension: z.array(extension).optional(),
  }),
)
const criteria = z.object({ language: z.string().optional(), expression: z.string().optional() })
const population = z.object({
  id: z.string().optional(),
  extension: z.array(extension).optional(),
  code: concept.optional(),
  criteria,
})
const stratifier = z.object({
  id: z.string().optional(),
  code: concept.optional(),
  criteria: criteria.optional(),
  component: z
    .array(z.object({ id: z.string().optional(), code: concept.optional(), criteria: criteria.optional() }))
    .optional(),
})
const group = z.object({
  id: z.string().optional(),
  extension: z.array(extension).optional(),
  population: z.array(population).min(1),
  stratifier: z.array(stratifier).optional(),
})

export const measureResource = z.object({
  resourceType: z.literal('Measure'),
  id: z.string().min(1),
  url: z.string().min(1),
  version: z.string().optional(),
  title: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  library: z.array(z.string()).length(1),
  scoring: concept.optional(),
  improvementNotation: concept.optional(),
  extension: z.array(extension).optional(),
  group: z.array(group).min(1),
})

export type MeasureResource = z.infer<typeof measureResource>
export type MeasureResourceGroup = z.infer<typeof group>
export type MeasureResourcePopulation = z.infer<typeof population>
export type MeasureResourceStratifier = z.infer<typeof stratifier>
type Holder = { readonly extension?: readonly Extension[] | undefined }

const cqfm = 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition'

/** The code of a `cqfm-*` extension, however it is written: code, string or concept. */
export function cqfmCode(holder: Holder, name: string): string | undefined {
  const found = holder.extension?.find((candidate) => candidate.url === `${cqfm}/cqfm-${name}`)
  return found?.valueCode ?? found?.valueString ?? codeOf(found?.valueCodeableConcept)
}

export function codeOf(value: z.infer<typeof concept> | undefined): string | undefined {
  return value?.coding?.find((candidate) => candidate.code !== undefined)?.code
}

/** The texts of each `define-phrase` extension, by the name of its part. */
export function phraseParts(holder: Holder): readonly ReadonlyMap<string, string>[] {
  return (holder.extension ?? [])
    .filter((candidate) => candidate.url === 'https://caregap.dev/fhir/StructureDefinition/define-phrase')
    .map((phrase) => new Map((phrase.extension ?? []).flatMap((part) => partOf(part))))
}

const partOf = (part: Extension): readonly (readonly [string, string])[] =>
  part.valueString === undefined ? [] : [[part.url, part.valueString]]

/** Names the define (a Date) since when what the measure asks for is due. */
const dueDateExtension = 'https://caregap.dev/fhir/StructureDefinition/due-date'

/** The define that says since when something is due; undefined where the Measure names none. */
export const dueDateDefine = (holder: Holder): string | undefined =>
  holder.extension?.find(({ url }) => url === dueDateExtension)?.valueString
