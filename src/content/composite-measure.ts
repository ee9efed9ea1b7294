import { z } from 'zod'
import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { isResource, type Resource } from '../fhir/index.ts'
import { codeOf, cqfmCode } from './measure-resource.ts'

/** How the scores of components become one (QM IG 5.0.0, composite measures). */
export const compositeKinds = ['opportunity', 'all-or-nothing', 'linear', 'weighted'] as const
export type CompositeKind = (typeof compositeKinds)[number]

/** A component of a composite measure: a group of a measure that is installed beside it. */
export interface ComponentReference {
  /** Canonical, with or without version. */
  readonly measure: string
  /** Of a measure of several groups, which. */
  readonly groupId?: string
  readonly weight: number
}

/** A measure without logic of its own: what it says follows from its components. */
export interface CompositeMeasure {
  readonly id: string
  readonly url: string
  readonly version: string
  readonly title: string
  readonly kind: CompositeKind
  readonly improvementNotation: 'increase' | 'decrease'
  readonly components: readonly ComponentReference[]
  readonly resource: Resource
}

interface Extension {
  readonly url: string
  readonly valueString?: string | undefined
  readonly valueDecimal?: number | undefined
}
const concept = z.object({ coding: z.array(z.object({ code: z.string().optional() })).optional() })
const extension = z.object({
  url: z.string(),
  valueString: z.string().optional(),
  valueCode: z.string().optional(),
  valueDecimal: z.number().optional(),
  valueCodeableConcept: concept.optional(),
})
const compositeResource = z.object({
  resourceType: z.literal('Measure'),
  id: z.string().min(1),
  url: z.string().min(1),
  version: z.string().optional(),
  title: z.string().optional(),
  scoring: concept.optional(),
  compositeScoring: concept.optional(),
  improvementNotation: concept.optional(),
  extension: z.array(extension).optional(),
  group: z.array(z.object({ extension: z.array(extension).optional() })).optional(),
  relatedArtifact: z
    .array(
      z.object({
        type: z.string(),
        resource: z.string().optional(),
        extension: z.array(extension).optional(),
      }),
    )
    .optional(),
})

type Parsed = z.infer<typeof compositeResource>

/** True of a Measure whose scoring is composite, on the Measure or on a group. */
export function isComposite(resource: unknown): boolean {
  const parsed = compositeResource.safeParse(resource)
  return parsed.success && scoringsOf(parsed.data).includes('composite')
}

const holdersOf = ({ group = [], ...measure }: Parsed) => [measure, ...group]
const scoringsOf = (measure: Parsed) => [
  codeOf(measure.scoring),
  ...holdersOf(measure).map((one) => cqfmCode(one, 'scoring')),
]

/**
 * Reads a composite Measure: its kind, its direction, and the components that it is composed of (two at least). Failure:
 * `content/malformed-composite` with what is missing.
 */
export function readComposite(resource: unknown, file: string): Result<CompositeMeasure> {
  const parsed = compositeResource.safeParse(resource)
  if (!parsed.success || !isResource(resource)) return failure(malformed('this is no Measure', file))
  const measure = parsed.data
  if ((measure.group?.length ?? 0) > 1)
    return failure(malformed('several groups of a composite are not supported', file))
  const holders = holdersOf(measure)
  const wanted =
    codeOf(measure.compositeScoring) ?? holders.map((one) => cqfmCode(one, 'compositeScoring')).find(Boolean)
  const kind = compositeKinds.find((known) => known === wanted)
  if (kind === undefined)
    return failure(malformed(`the composite scoring is none of ${compositeKinds.join(', ')}`, file))
  const components = (measure.relatedArtifact ?? [])
    .filter(({ type, resource: canonical }) => type === 'composed-of' && canonical !== undefined)
    .map(({ resource: canonical = '', extension: own = [] }) => componentOf(canonical, own))
  if (components.length < 2) return failure(malformed('fewer than two components are named (composed-of)', file))
  const notation =
    codeOf(measure.improvementNotation) ?? holders.map((one) => cqfmCode(one, 'improvementNotation')).find(Boolean)
  const { id, url, version = '', title = id } = measure
  const improvementNotation = notation === 'decrease' ? 'decrease' : 'increase'
  return success({ id, url, version, title, kind, improvementNotation, components, resource })
}

function componentOf(measure: string, extensions: readonly Extension[]): ComponentReference {
  const of = (name: string) => extensions.find(({ url }) => url.endsWith(`/StructureDefinition/cqfm-${name}`))
  const groupId = of('groupId')?.valueString
  return { measure, ...(groupId === undefined ? {} : { groupId }), weight: of('weight')?.valueDecimal ?? 1 }
}

function malformed(reason: string, file: string): Diagnostic {
  return {
    code: 'content/malformed-composite',
    severity: 'error',
    message: `This is no composite measure that can be run: ${reason}.`,
    place: { file },
    remedy: 'Correct the Measure.',
  }
}
