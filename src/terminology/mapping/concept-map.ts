import { z } from 'zod'
import { type Diagnostic, failure, type Place, type Result, success } from '../../base/index.ts'
import { foldSystem, type Resource } from '../../fhir/index.ts'
import { approvalText, type MapKind, ucum } from './apply-maps.ts'

/** A translation as a ConceptMap states it. */
export interface StatedMap {
  readonly kind: MapKind
  readonly source: string | null
  readonly fromSystem: string
  readonly fromValue: string
  readonly toSystem: string
  readonly toCode: string
  readonly toDisplay?: string
}

/** The source of a group that translates texts of concepts, or units as they are written: neither is a code system. */
const textSystem = 'https://caregap.dev/fhir/CodeSystem/concept-text'
const unitSystem = 'https://caregap.dev/fhir/CodeSystem/written-unit'

/** On a group: it holds of the data of this source alone. */
const dataSource = 'https://caregap.dev/fhir/StructureDefinition/data-source'

const extension = z.object({ url: z.string(), valueString: z.string().optional() })
const target = z.object({
  code: z.string().optional(),
  display: z.string().optional(),
  equivalence: z.string().optional(),
  dependsOn: z.array(z.unknown()).optional(),
})
const conceptMap = z.object({
  resourceType: z.literal('ConceptMap'),
  group: z
    .array(
      z.object({
        extension: z.array(extension).optional(),
        source: z.string().optional(),
        target: z.string().optional(),
        element: z.array(
          z.object({ code: z.string().optional(), display: z.string().optional(), target: z.array(target).optional() }),
        ),
      }),
    )
    .optional(),
})
type Group = NonNullable<z.infer<typeof conceptMap>['group']>[number]
type Target = z.infer<typeof target>

/** Where the target means no less than the source: every fact of the source's kind is one of the target's. */
const usable: ReadonlySet<string> = new Set(['equal', 'equivalent', 'wider', 'subsumes'])

/**
 * The translations that a ConceptMap states (FHIR R4). A target that is narrower, inexact or merely related would count
 * facts that are something else, and one that depends on other elements is not told by the code alone: they
 * are left out, as warnings. Failure `terminology/malformed-concept-map`.
 */
export function readConceptMap(value: unknown, place: Place): Result<readonly StatedMap[]> {
  const parsed = conceptMap.safeParse(value)
  if (!parsed.success) {
    const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    const message = `This is no ConceptMap that can be read: ${reason}.`
    const remedy = 'Give a FHIR R4 ConceptMap.'
    return failure({ code: 'terminology/malformed-concept-map', severity: 'error', message, place, remedy })
  }
  const maps: StatedMap[] = []
  const leftOut: Diagnostic[] = []
  for (const [index, group] of (parsed.data.group ?? []).entries()) {
    for (const [at, element] of group.element.entries()) {
      for (const one of element.target ?? []) {
        const reason = unusable(element.code, one)
        const where = { ...place, element: `group[${index}].element[${at}]` }
        if (reason === undefined) maps.push(statedMap(group, element.code ?? '', one))
        else leftOut.push(notTaken(element.code ?? '', reason, where))
      }
    }
  }
  return success(maps, leftOut)
}

function unusable(code: string | undefined, one: Target): string | undefined {
  if (code === undefined || one.code === undefined) return 'it names no code on one side'
  if ((one.dependsOn ?? []).length > 0) return 'it depends on other elements'
  const equivalence = one.equivalence ?? 'relatedto'
  return usable.has(equivalence) ? undefined : `the target is "${equivalence}"`
}

function notTaken(code: string, reason: string, place: Place): Diagnostic {
  const message = `The translation of ${code} is not taken: ${reason}.`
  const remedy = 'Propose it by itself where it is meant all the same.'
  return { code: 'terminology/unusable-translation', severity: 'warning', message, place, remedy }
}

function statedMap(group: Group, code: string, { code: toCode = '', display }: Target): StatedMap {
  const { source: system = '', target: toSystem = '' } = group
  const source = group.extension?.find(({ url }) => url === dataSource)?.valueString ?? null
  // Units are the only thing that UCUM's codes are targets of.
  const isUnit = system === unitSystem || foldSystem(toSystem) === ucum
  const kind = isUnit ? 'unit' : system === textSystem ? 'text' : 'code'
  return {
    kind,
    source,
    fromSystem: kind === 'code' ? system : '',
    fromValue: code,
    toSystem: isUnit ? '' : toSystem,
    toCode,
    ...(display === undefined ? {} : { toDisplay: display }),
  }
}

/** A translation that is kept, with what identifies it. */
export interface KeptMap extends Omit<StatedMap, 'toDisplay'> {
  readonly mapId: number
  readonly version: number
  readonly toDisplay: string | null
  readonly approvedBy: string | null
  readonly approvedAt: string | null
}

/** How a ConceptMap of kept translations is named. */
export interface ConceptMapName {
  readonly id: string
  readonly status: 'active' | 'draft'
  /** ISO time of the newest decision; absent where there is none. */
  readonly date?: string
}

/** Translations as a ConceptMap (FHIR R4) that `readConceptMap` reads again: a group for each system, kind and source. */
export function conceptMapOf({ id, status, date }: ConceptMapName, maps: readonly KeptMap[]): Resource {
  const groups = new Map<string, KeptMap[]>()
  for (const map of maps) {
    const key = JSON.stringify([map.kind, map.source, map.fromSystem, map.toSystem])
    groups.set(key, [...(groups.get(key) ?? []), map])
  }
  const group = [...groups.keys()].sort().map((key) => groupOf(groups.get(key) ?? []))
  return {
    resourceType: 'ConceptMap',
    id,
    url: `https://caregap.dev/fhir/ConceptMap/${id}`,
    status,
    ...(date === undefined ? {} : { date }),
    ...(group.length === 0 ? {} : { group }),
  }
}

function groupOf(maps: readonly KeptMap[]) {
  const [first] = maps
  const { kind = 'code', source = null, fromSystem = '', toSystem = '' } = first ?? {}
  const from = kind === 'unit' ? unitSystem : kind === 'text' ? textSystem : fromSystem
  return {
    ...(source === null ? {} : { extension: [{ url: dataSource, valueString: source }] }),
    ...(from === '' ? {} : { source: from }),
    target: kind === 'unit' ? ucum : toSystem,
    element: maps.map(({ fromValue, toCode, toDisplay, mapId, version, ...approval }) => ({
      code: fromValue,
      target: [
        {
          code: toCode,
          ...(toDisplay === null ? {} : { display: toDisplay }),
          equivalence: 'equivalent',
          comment: `map ${mapId}, version ${version}${approvalText(approval)}`,
        },
      ],
    })),
  }
}
