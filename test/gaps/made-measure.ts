import type { DefinePhrase, InstalledMeasure, MeasureGroup } from '../../src/content/index.ts'
import type { ElmNode } from '../../src/elm/index.ts'
import type { PersonRecord, RecordEntry, Resource } from '../../src/fhir/index.ts'
import { type DefineLetter, measureDefines, type PersonEvaluation } from '../../src/measure/index.ts'

// Small measures made in a test: logic is written as ELM by a few functions, and an evaluation states its letters.

export const ref = (name: string, libraryName?: string): ElmNode => ({
  type: 'ExpressionRef',
  name,
  ...(libraryName === undefined ? {} : { libraryName }),
})
export const and = (first: ElmNode, second: ElmNode): ElmNode => ({ type: 'And', operand: [first, second] })
export const or = (first: ElmNode, second: ElmNode): ElmNode => ({ type: 'Or', operand: [first, second] })
export const not = (operand: ElmNode): ElmNode => ({ type: 'Not', operand })
export const exists = (operand: ElmNode): ElmNode => ({ type: 'Exists', operand })
/** Any logic that the letters cannot look into, reading the given defines. */
export const opaque = (...reads: readonly string[]): ElmNode => ({
  type: 'Greater',
  operand: reads.map((name) => ref(name)),
})
export const retrieve = (type: string): ElmNode => ({ type: 'Retrieve', dataType: `{http://hl7.org/fhir}${type}` })

export interface MadeMeasure {
  readonly id?: string
  readonly group?: Partial<MeasureGroup>
  /** Population code to define. */
  readonly populations: Readonly<Record<string, string>>
  readonly defines: Readonly<Record<string, ElmNode>>
  readonly included?: Readonly<Record<string, Readonly<Record<string, ElmNode>>>>
  readonly phrases?: Readonly<Record<string, DefinePhrase>>
  readonly cql?: string
  readonly resource?: Readonly<Record<string, unknown>>
}

/** An installed measure of one group whose main library is `Main`. */
export function madeMeasure(made: MadeMeasure): InstalledMeasure {
  const included = Object.entries(made.included ?? {})
  const id = made.id ?? 'made'
  const main = {
    identifier: { id: 'Main', version: '1.0.0' },
    includes: { def: included.map(([name]) => ({ localIdentifier: name, path: name })) },
    statements: { def: statements(made.defines) },
  }
  const url = `http://example.org/Measure/${id}`
  return {
    id,
    url,
    version: '1.0.0',
    title: `Measure ${id}`,
    description: 'A measure made for a test.',
    groups: [
      {
        id: 'group-1',
        scoring: 'proportion',
        basis: 'boolean',
        improvementNotation: 'increase',
        populations: Object.entries(made.populations).map(([code, define]) => ({
          id: `${id}-${code}`,
          code: code as MeasureGroup['populations'][number]['code'],
          define,
        })),
        ...made.group,
      },
    ],
    closure: {
      main,
      libraries: [
        ...included.map(([name, defines]) => ({ identifier: { id: name }, statements: { def: statements(defines) } })),
        main,
      ],
      cql: new Map([['Main', made.cql ?? '']]),
      hash: 'made',
    },
    valueSets: [],
    phrases: new Map(Object.entries(made.phrases ?? {})),
    contentHash: 'made',
    resource: { resourceType: 'Measure', id, url, version: '1.0.0', status: 'active', ...made.resource },
  }
}

function statements(defines: Readonly<Record<string, ElmNode>>) {
  return Object.entries(defines).map(([name, expression]) => ({ name, context: 'Patient', expression }))
}

export interface MadeEvaluation {
  /** Counts by population code. */
  readonly counts: Readonly<Record<string, number>>
  /** Letter by define; `v` where not given. */
  readonly letters?: Readonly<Record<string, DefineLetter>>
  /** Rids by define. */
  readonly evidence?: Readonly<Record<string, readonly string[]>>
}

export function madeEvaluation(measure: InstalledMeasure, made: MadeEvaluation): PersonEvaluation {
  const names = measureDefines(measure)
  const groupId = measure.groups[0]?.id ?? ''
  return {
    pid: 7,
    measureId: measure.id,
    groups: [{ groupId, populations: made.counts }],
    defines: names.map((name) => made.letters?.[name] ?? 'v').join(''),
    evidence: Object.entries(made.evidence ?? {}).flatMap(([name, rids]) =>
      rids.map((rid) => ({ define: names.indexOf(name), rid })),
    ),
  }
}

/** A record of one person at the source `lakeside`; rids are r1, r2 ... in the order given. */
export function madeRecord(...resources: readonly Resource[]): PersonRecord {
  const entries = resources.map(
    (resource, index): RecordEntry => ({
      rid: `r${index + 1}`,
      source: 'lakeside',
      type: resource.resourceType,
      id: `x${index + 1}`,
      resource: { ...resource, id: `lakeside.x${index + 1}` },
    }),
  )
  return { pid: 7, patient: { resourceType: 'Patient', id: 'lakeside.p1' }, entries }
}

export const hba1c = (value: number, when: string): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Hemoglobin A1c', coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
  effectiveDateTime: when,
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
})

export const year2026 = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
