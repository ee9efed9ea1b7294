import { unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import { installMeasure } from '../../src/content/install-measure.ts'
import { shippedContent } from '../../src/content/load-measures.ts'
import { cqlSource, readCqlFolders } from '../../src/elm/index.ts'
import type { ValueSets } from '../../src/terminology/index.ts'

// Measures made for reports: every scoring, several groups, strata of each kind, supplemental data and risk adjustment.

const cql = `library Reported version '1.0.0'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
codesystem "LOINC": 'http://loinc.org'
code "HbA1c": '4548-4' from "LOINC" display 'HbA1c'
parameter "Measurement Period" Interval<DateTime>
parameter "Everybody Is Tested" Boolean default false
parameter "Tested Within" System.Quantity default 100 years
parameter "Tested In" List<String> default { }
context Patient

define "Visits": [Encounter] E where E.status = 'finished' and FHIRHelpers.ToInterval(E.period) during "Measurement Period"
define "Results": [Observation: "HbA1c"] O
  where O.status = 'final' and FHIRHelpers.ToDateTime(O.effective as FHIR.dateTime) during "Measurement Period"
define "Initial": exists "Visits"
define "Excluded": exists [Condition] C where C.code.text = 'hospice'
define "Excused": exists [Condition] C where C.code.text = 'refused'
define "Tested": "Everybody Is Tested"
  or exists "Results" R where FHIRHelpers.ToDateTime(R.effective as FHIR.dateTime) >= end of "Measurement Period" - "Tested Within"
define "Doubtful": exists "Results" R where exists R.note
define "Long": "Visits" E where duration in days of FHIRHelpers.ToInterval(E.period) >= 3
define "Urgent": "Visits" E where E.priority is not null
define "Is Female": Patient.gender = 'female'
define "Sex": Patient.gender.value
define "Region": First(Patient.address A return A.state.value)
define "SDE Sex": if Patient.gender = 'female' then Code { code: 'F', system: 'http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender' }
  else Code { code: 'M', system: 'http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender' }
define "SDE Payer": [Coverage] C return Tuple { code: FHIRHelpers.ToConcept(C.type), period: C.period }
define "SDE Results": "Results"
define "RAF Visits": Count("Visits")
define function "Days"(E Encounter): duration in days of FHIRHelpers.ToInterval(E.period)
define function "One"(E Encounter): 1`

const cqfm = (name: string, value: object) => ({
  url: `http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-${name}`,
  ...value,
})
const linkId = (path: string, valueString: string) => ({
  url: `http://hl7.org/fhir/5.0/StructureDefinition/extension-Measure.${path}.linkId`,
  valueString,
})
const populationSystem = 'http://terminology.hl7.org/CodeSystem/measure-population'

const population = (id: string, code: string, expression: string, ...extension: readonly object[]) => ({
  id,
  code: { coding: [{ system: populationSystem, code, display: `the ${code}` }] },
  criteria: { language: 'text/cql-identifier', expression },
  ...(extension.length === 0 ? {} : { extension }),
})
const observation = (id: string, define: string, method: string, of: string) =>
  population(
    id,
    'measure-observation',
    define,
    cqfm('aggregateMethod', { valueString: method }),
    cqfm('criteriaReference', { valueString: of }),
  )

const group = (id: string, scoring: string, basis: string, direction: string, parts: object) => ({
  id,
  extension: [
    cqfm('scoring', { valueCodeableConcept: { coding: [{ code: scoring }] } }),
    cqfm('populationBasis', { valueCode: basis }),
    cqfm('improvementNotation', { valueCodeableConcept: { coding: [{ code: direction }] } }),
  ],
  ...parts,
})

const proportion = group('tests', 'proportion', 'boolean', 'increase', {
  code: { text: 'tests of glucose' },
  extension: [
    cqfm('scoring', { valueCodeableConcept: { coding: [{ code: 'proportion' }] } }),
    cqfm('populationBasis', { valueCode: 'boolean' }),
    cqfm('improvementNotation', { valueCodeableConcept: { coding: [{ code: 'increase' }] } }),
    linkId('group', 'tests-link'),
  ],
  population: [
    { ...population('ip', 'initial-population', 'Initial'), description: 'People with a visit' },
    population('den', 'denominator', 'Initial', linkId('group.population', 'den-link')),
    population('denex', 'denominator-exclusion', 'Excluded'),
    population('num', 'numerator', 'Tested'),
    population('numex', 'numerator-exclusion', 'Doubtful'),
    population('exc', 'denominator-exception', 'Excused'),
  ],
  stratifier: [
    { id: 'women', code: { text: 'women' }, criteria: { expression: 'Is Female' } },
    { id: 'region', description: 'By region', criteria: { expression: 'Region' } },
    {
      id: 'both',
      component: [
        { id: 'sex', code: { text: 'sex' }, criteria: { expression: 'Sex' } },
        { id: 'place', code: { text: 'place' }, criteria: { expression: 'Region' } },
      ],
    },
  ],
})

const continuous = group('stays', 'continuous-variable', 'Encounter', 'decrease', {
  population: [
    population('cv-ip', 'initial-population', 'Visits'),
    population('mp', 'measure-population', 'Visits'),
    population('mpx', 'measure-population-exclusion', 'Urgent'),
    observation('days', 'Days', 'Median', 'mp'),
  ],
  stratifier: [
    { id: 'cv-women', code: { text: 'women' }, criteria: { expression: 'Is Female' } },
    { id: 'cv-long', code: { text: 'long stays' }, criteria: { expression: 'Long' } },
  ],
})

const ratio = group('long-stays', 'ratio', 'Encounter', 'decrease', {
  population: [
    population('ip-d', 'initial-population', 'Visits'),
    population('ip-n', 'initial-population', 'Long'),
    population('r-den', 'denominator', 'Visits', cqfm('criteriaReference', { valueString: 'ip-d' })),
    population('r-denex', 'denominator-exclusion', 'Urgent'),
    population('r-num', 'numerator', 'Long', cqfm('criteriaReference', { valueString: 'ip-n' })),
    observation('o-d', 'Days', 'Sum', 'r-den'),
    observation('o-n', 'One', 'Count', 'r-num'),
  ],
})

const cohort = group('seen', 'cohort', 'boolean', 'increase', {
  population: [population('seen-ip', 'initial-population', 'Initial')],
})

const usage = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-data-usage', code }] },
]
const datum = (id: string, expression: string, code = 'supplemental-data') => ({
  id,
  usage: usage(code),
  criteria: { language: 'text/cql-identifier', expression },
})

const measure = (id: string, parts: object) => ({
  resourceType: 'Measure',
  id,
  url: `http://example.org/Measure/${id}`,
  version: '1.0.0',
  identifier: [{ system: 'http://example.org/measures', value: `MADE-${id}` }],
  title: `Measure ${id}`,
  status: 'active',
  library: ['http://example.org/Library/Reported|1.0.0'],
  ...parts,
})

const resources = [
  measure('tests', {
    topic: [{ coding: [{ system: 'http://example.org/topics', code: 'screening' }], text: 'Screening' }],
    group: [proportion],
    supplementalData: [
      datum('sde-sex', 'SDE Sex'),
      datum('sde-payer', 'SDE Payer'),
      datum('sde-results', 'SDE Results'),
      datum('raf-visits', 'RAF Visits', 'risk-adjustment-factor'),
    ],
  }),
  measure('stays', { group: [continuous] }),
  measure('long-stays', { group: [ratio] }),
  measure('several', { group: [proportion, { ...continuous, stratifier: undefined }, cohort] }),
  measure('inverse', {
    group: [
      group('inverse-tests', 'proportion', 'boolean', 'decrease', {
        population: [
          population('i-ip', 'initial-population', 'Initial'),
          population('i-den', 'denominator', 'Initial'),
          population('i-num', 'numerator', 'Tested'),
        ],
      }),
    ],
  }),
]

/** The measures, installed. */
export async function reportMeasures(valueSets: ValueSets, cacheDir: string): Promise<readonly InstalledMeasure[]> {
  const sources = [cqlSource(cql), ...readCqlFolders([shippedContent.cqlFolder])]
  const measures: InstalledMeasure[] = []
  for (const resource of resources) {
    const plain = JSON.parse(JSON.stringify(resource)) as unknown
    measures.push(unwrap(await installMeasure(plain, `${resource.id}.json`, { sources, valueSets, cacheDir })))
  }
  return measures
}
