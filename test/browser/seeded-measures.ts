import type { InstalledMeasure, PopulationCode } from '../../src/content/index.ts'

/** A small library in the shape of a real one: enough for a tree of defines and a text to show. */
const cql = (name: string, value: string, test: string) => `library ${name} version '1.0.000'

using FHIR version '4.0.1'

include FHIRHelpers version '4.0.1' called FHIRHelpers

valueset "Diabetes": 'http://example.org/ValueSet/diabetes'
valueset "${value}": 'http://example.org/ValueSet/${value.toLowerCase().replaceAll(' ', '-')}'

parameter "Measurement Period" Interval<DateTime>

context Patient

define "Initial Population":
  AgeInYearsAt(date from end of "Measurement Period") in Interval[18, 75]
    and exists "Qualifying Diagnosis"

define "Qualifying Diagnosis":
  [Condition: "Diabetes"] Diagnosis
    where Diagnosis.onset overlaps "Measurement Period"

define "Denominator":
  "Initial Population"

// People in hospice are not counted.
define "Denominator Exclusions":
  exists ([Encounter: "Hospice"] Stay
    where Stay.period overlaps "Measurement Period")

define "${test}":
  Last([Observation: "${value}"] Result
    where Result.status in { 'final', 'amended', 'corrected' }
      and Result.effective during "Measurement Period"
    sort by start of FHIRHelpers.ToInterval(effective))

define "Numerator":
  "${test}" is null
    or ("${test}".value as Quantity) > 9 '%'
`

export const seededDefines = (test: string): readonly string[] => [
  'Initial Population',
  'Qualifying Diagnosis',
  'Denominator',
  'Denominator Exclusions',
  test,
  'Numerator',
]

const reference = (name: string) => ({ type: 'ExpressionRef', name })

function seededMeasure(
  id: string,
  title: string,
  inverse: boolean,
  value: string,
  test: string,
  description: string,
): InstalledMeasure {
  const name = id.replaceAll('-', '')
  const expressions: Readonly<Record<string, readonly string[]>> = {
    'Initial Population': ['Qualifying Diagnosis'],
    Denominator: ['Initial Population'],
    Numerator: [test],
  }
  const populations: readonly [PopulationCode, string][] = [
    ['initial-population', 'Initial Population'],
    ['denominator', 'Denominator'],
    ['denominator-exclusion', 'Denominator Exclusions'],
    ['numerator', 'Numerator'],
  ]
  const main = {
    identifier: { id: name, version: '1.0.000' },
    statements: {
      def: seededDefines(test).map((define) => ({
        name: define,
        context: 'Patient',
        expression: { type: 'And', operand: (expressions[define] ?? []).map(reference) },
      })),
    },
    valueSets: { def: [{ name: 'Diabetes', id: 'http://example.org/ValueSet/diabetes' }] },
  }
  return {
    id,
    url: `http://example.org/Measure/${id}`,
    version: '1.0.000',
    title,
    description,
    groups: [
      {
        id: 'group-1',
        scoring: 'proportion',
        basis: 'boolean',
        improvementNotation: inverse ? 'decrease' : 'increase',
        populations: populations.map(([code, define]) => ({ code, define })),
      },
    ],
    closure: { main, libraries: [main], cql: new Map([[name, cql(name, value, test)]]), hash: 'c'.repeat(64) },
    valueSets: ['http://example.org/ValueSet/diabetes', 'http://example.org/ValueSet/hospice'],
    phrases: new Map([
      ['Qualifying Diagnosis', { whenTrue: 'has diabetes', whenFalse: 'has no diagnosis of diabetes' }],
      [test, { whenTrue: `has a ${value} in the period`, whenFalse: `has no ${value} in the period` }],
    ]),
    contentHash: 'd'.repeat(64),
    resource: { resourceType: 'Measure', id },
  }
}

/** The measures of the seeded site: one inverse, one not. */
export const seededMeasures: readonly InstalledMeasure[] = [
  seededMeasure(
    'glycemic-status',
    'Glycemic Status Assessment Greater Than 9%',
    true,
    'HbA1c Laboratory Test',
    'Lowest Glycemic Reading',
    'Share of patients aged 18 to 75 with diabetes whose most recent glycemic status in the period was above 9% or was not measured at all.',
  ),
  seededMeasure(
    'blood-pressure',
    'Controlling High Blood Pressure',
    false,
    'Blood Pressure',
    'Most Recent Reading',
    'Share of patients aged 18 to 85 with hypertension whose most recent blood pressure in the period was below 140/90 mm Hg.',
  ),
]
