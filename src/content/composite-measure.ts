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

/** One score of a composite measure. */
export interface CompositeGroup {
  readonly kind: CompositeKind
  readonly improvementNotation: 'increase' | 'decrease'
  readonly components: readonly ComponentReference[]
}

/** A measure without logic of its own: what it says follows from its components. A score for each of its groups. */
export interface CompositeMeasure {
  readonly id: string
  readonly url: string
  readonly version: string
  readonly title: string
  /** In the order of the Measure's groups; one where it has none. */
  readonly groups: readonly CompositeGroup[]
  readonly resource: Resource
}

interface Extension {
  readonly url: string
  readonly valueString?: string | undefined
  readonly valueDecimal?: number | undefined
  readonly valueRelatedArtifact?: z.infer<typeof artifact> | undefined
}
const concept = z.object({ coding: z.array(z.object({ code: z.string().optional() })).optional() })
const plainExtension = z.object({
  url: z.string(),
  valueString: z.string().optional(),
  valueCode: z.string().optional(),
  valueDecimal: z.number().optional(),
  valueCodeableConcept: concept.optional(),
})
const artifact = z.object({
  type: z.string(),
  resource: z.string().optional(),
  extension: z.array(plainExtension).optional(),
})
const extension = plainExtension.extend({ valueRelatedArtifact: artifact.optional() })
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
  relatedArtifact: z.array(artifact).optional(),
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
 * Reads a composite Measure: the kind, direction and components (two at least) of each of its groups. A group says so
 * itself, by the CQFM extensions (its components by `cqfm-component`); what it does not say, the Measure says for all. Failure:
 * `content/malformed-composite` with what is missing.
 */
export function readComposite(resource: unknown, file: string): Result<CompositeMeasure> {
  const parsed = compositeResource.safeParse(resource)
  if (!parsed.success || !isResource(resource)) return failure(malformed('this is no Measure', file, ''))
  const measure = parsed.data
  const written = measure.group ?? []
  const reads = written.length === 0 ? [readGroup(measure, {})] : written.map((group) => readGroup(measure, group))
  const faults = reads.flatMap((read, index) =>
    typeof read === 'string' ? [malformed(read, file, written.length === 0 ? '' : `group[${index}]`)] : [],
  )
  if (faults.length > 0) return failure(...faults)
  const groups = reads.filter((read) => typeof read !== 'string')
  const { id, url, version = '', title = id } = measure
  return success({ id, url, version, title, groups, resource })
}

type ParsedGroup = NonNullable<Parsed['group']>[number]

/** A group as it is combined, or why it cannot be. */
function readGroup(measure: Parsed, group: ParsedGroup): CompositeGroup | string {
  const said = (name: string, ofMeasure: Parsed['scoring']) =>
    cqfmCode(group, name) ?? codeOf(ofMeasure) ?? cqfmCode(measure, name)
  const wanted = said('compositeScoring', measure.compositeScoring)
  const kind = compositeKinds.find((known) => known === wanted)
  if (kind === undefined) return `the composite scoring is none of ${compositeKinds.join(', ')}`
  const own = (group.extension ?? []).flatMap(({ url, valueRelatedArtifact }) =>
    valueRelatedArtifact !== undefined && url.endsWith('/StructureDefinition/cqfm-component')
      ? [valueRelatedArtifact]
      : [],
  )
  const components = (own.length > 0 ? own : (measure.relatedArtifact ?? []))
    .filter(({ type, resource: canonical }) => type === 'composed-of' && canonical !== undefined)
    .map(({ resource: canonical = '', extension: more = [] }) => componentOf(canonical, more))
  if (components.length < 2) return 'fewer than two components are named (composed-of)'
  const notation = said('improvementNotation', measure.improvementNotation)
  return { kind, improvementNotation: notation === 'decrease' ? 'decrease' : 'increase', components }
}

function componentOf(measure: string, extensions: readonly Extension[]): ComponentReference {
  const of = (name: string) => extensions.find(({ url }) => url.endsWith(`/StructureDefinition/cqfm-${name}`))
  const groupId = of('groupId')?.valueString
  return { measure, ...(groupId === undefined ? {} : { groupId }), weight: of('weight')?.valueDecimal ?? 1 }
}

function malformed(reason: string, file: string, element: string): Diagnostic {
  return {
    code: 'content/malformed-composite',
    severity: 'error',
    message: `This is no composite measure that can be run: ${reason}.`,
    place: { file, ...(element === '' ? {} : { element }) },
    remedy: 'Correct the Measure.',
  }
}
