import { PatientSource } from 'cql-exec-fhir'
import { CodeService, Date as CqlDate, DateTime, Expression, Interval, PatientContext, Repository } from 'cql-execution'
import { expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { cqlSource, type LibraryClosure, readCqlFolders, translate } from '../../src/elm/index.ts'
import { isResource, type PersonRecord, type Resource } from '../../src/fhir/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'

// Our reading of FHIR (lazy, remembered, indexed value sets) must say what cql-exec-fhir says of the same record.

const text = `library Compared version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "LOINC": 'http://loinc.org'
codesystem "ICD10": 'http://hl7.org/fhir/sid/icd-10-cm'
valueset "Glucose": 'http://example.org/glucose'
code "A1c": '4548-4' from "LOINC"
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Age": AgeInYearsAt(date from end of "Measurement Period")
define "Gender": Patient.gender = 'female'
define "Race": flatten (Patient.extension X return X.extension)
define "Glucose Results": [Observation: "Glucose"]
define "A1c Results": [Observation: "A1c"]
define "Any Code": [Observation] O where O.code in "Glucose" or O.code ~ "A1c"
define "Final": [Observation] O where O.status in { 'final', 'amended' }
define "Values": [Observation] O return all (O.value as FHIR.Quantity).value
define "High": [Observation] O where (O.value as FHIR.Quantity) > 100 'mg/dL'
define "Text Values": [Observation] O return all (O.value as FHIR.string).value
define "Coded Values": [Observation] O return all (O.value as FHIR.CodeableConcept).text.value
define "Absent": [Observation] O where O.dataAbsentReason is not null
define "In Period": [Observation] O where O.effective.toInterval() during day of "Measurement Period"
define "Days": [Observation] O return all day from (start of O.effective.toInterval())
define "Dates": [Observation] O return all date from (start of O.effective.toInterval())
define "Newest": Last([Observation] O where O.effective is not null sort by start of effective.toInterval(), id.value)
define "By Value": ([Observation] O where O.value is FHIR.Quantity) O return Tuple { id: O.id.value, value: (O.value as FHIR.Quantity).value.value } sort by value desc, id
define "Components": flatten ([Observation] O return O.component)
define "Systolic": "Components" C where exists (C.code.coding D where D.code.value = '8480-6') return C.value as FHIR.Quantity
define "Union": "Glucose Results" union "A1c Results" union "Glucose Results"
define "Intersect": ([Observation] intersect "Glucose Results")
define "Except": ([Observation] except "Glucose Results")
define "Distinct Codings": distinct (flatten ([Observation] O return all O.code.coding))
define "With": [Observation] O with [Encounter] E such that O.encounter.reference.value = 'Encounter/' + E.id.value
define "Without": [Observation] O without [Encounter] E such that O.encounter.reference.value = 'Encounter/' + E.id.value
define "Stays": [Encounter] E return all duration in days of E.period.toInterval()
define "Overlap": [Encounter] E where E.period.toInterval() overlaps "Measurement Period"
define "Onset": [Condition] C return all C.onset.toInterval()
define "Active": [Condition] C where C.clinicalStatus ~ Code 'active' from "ICD10"
define "Given Names": flatten (Patient.name N return N.given)
define "Birth Extension": Patient.birthDate.extension
define "Types": [Observation] O return all case when O.value is FHIR.Quantity then 'quantity' when O.value is FHIR.string then 'text' else 'other' end
define "Collapsed": collapse ([Encounter] E return E.period.toInterval())
define "Pairs": from [Observation] A, [Observation] B where A.id.value < B.id.value return A.id.value + B.id.value
define fluent function toInterval(choice Choice<FHIR.dateTime, FHIR.Period, FHIR.Timing, FHIR.instant, FHIR.string, FHIR.Age, FHIR.Range>):
  case
    when choice is FHIR.dateTime then Interval[FHIRHelpers.ToDateTime(choice as FHIR.dateTime), FHIRHelpers.ToDateTime(choice as FHIR.dateTime)]
    when choice is FHIR.Period then FHIRHelpers.ToInterval(choice as FHIR.Period)
    else null
  end
`

const loinc = (code: string) => ({
  coding: [
    { system: 'http://loinc.org', code },
    { system: 'urn:local', code: `x${code}` },
  ],
})
const mgdl = (value: number) => ({ value, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' })
const observation = (id: string, code: string, more: Readonly<Record<string, unknown>>): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: loinc(code),
  ...more,
})

const resources: readonly Resource[] = [
  observation('a', '2345-7', { effectiveDateTime: '2025-03-01T10:00:00-05:00', valueQuantity: mgdl(99.5) }),
  observation('b', '2345-7', {
    effectiveDateTime: '2025-03-01',
    valueQuantity: mgdl(140),
    encounter: { reference: 'Encounter/e1' },
  }),
  observation('c', '4548-4', {
    effectiveDateTime: '2025-12-31T23:30:00-05:00',
    valueString: 'high',
    status: 'preliminary',
  }),
  observation('d', '4548-4', {
    effectivePeriod: { start: '2024-12-30', end: '2025-01-02' },
    valueCodeableConcept: { text: 'seen' },
  }),
  observation('e', '85354-9', {
    effectiveDateTime: '2025-06',
    component: [
      { code: loinc('8480-6'), valueQuantity: { ...mgdl(150), unit: 'mm[Hg]', code: 'mm[Hg]' } },
      { code: loinc('8462-4'), dataAbsentReason: { text: 'none' } },
    ],
  }),
  observation('f', '9999-9', { dataAbsentReason: { text: 'unknown' } }),
  {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'finished',
    class: { code: 'AMB' },
    period: { start: '2025-02-01', end: '2025-02-04' },
  },
  {
    resourceType: 'Encounter',
    id: 'e2',
    status: 'finished',
    class: { code: 'IMP' },
    period: { start: '2025-02-03T08:00:00-05:00' },
  },
  { resourceType: 'Encounter', id: 'e3', status: 'finished', class: { code: 'IMP' }, period: { end: '2024-02-03' } },
  {
    resourceType: 'Condition',
    id: 'c1',
    subject: {},
    clinicalStatus: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'active' }] },
    onsetDateTime: '2019',
  },
  { resourceType: 'Condition', id: 'c2', subject: {}, onsetPeriod: { start: '2020-05-01' } },
]

const record: PersonRecord = {
  pid: 1,
  patient: {
    resourceType: 'Patient',
    id: 'p',
    gender: 'female',
    birthDate: '1960-05-04',
    _birthDate: { extension: [{ url: 'urn:time', valueDateTime: '1960-05-04T03:00:00-05:00' }] },
    name: [{ given: ['Ann', 'Bea'], _given: [null, { extension: [{ url: 'urn:x', valueBoolean: true }] }] }],
    extension: [{ url: 'urn:race', extension: [{ url: 'text', valueString: 'x' }] }],
  },
  entries: resources.map((resource, index) => ({
    rid: String(index),
    source: 'here',
    type: resource.resourceType,
    id: String(resource.id),
    resource,
  })),
}

const members = [{ system: 'http://loinc.org', code: '2345-7' }]

/** What a value says, without how its objects are made: a resource is `Type/id`, another FHIR object its JSON. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value ?? null
  if (value instanceof DateTime || value instanceof CqlDate) return value.toString()
  if (value instanceof Interval) return [value.low, value.high].map(plain).concat(value.lowClosed, value.highClosed)
  const json: unknown = Reflect.get(value, 'getTypeInfo' in value ? '_json' : '$value')
  if (json !== undefined) return isResource(json) ? `${json.resourceType}/${json.id}` : json
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
}

async function packagesSay(closure: LibraryClosure, defines: readonly string[]): Promise<Map<string, unknown>> {
  const data = Object.fromEntries(closure.libraries.map((library) => [library.identifier.id, { library }]))
  const library = new Repository(data).resolve('Compared', '1')
  const source = PatientSource.FHIRv401()
  source.loadBundles([
    { resourceType: 'Bundle', entry: [record.patient, ...resources].map((resource) => ({ resource })) },
  ])
  const codes = new CodeService({ 'http://example.org/glucose': { '': members } })
  const end = new DateTime(2025, 12, 31, 23, 59, 59, 999, -5)
  const parameters = { 'Measurement Period': new Interval(new DateTime(2025, 1, 1, 0, 0, 0, 0, -5), end, true, true) }
  const context = new PatientContext(library as never, source.currentPatient(), codes, parameters, end)
  const said = new Map<string, unknown>()
  for (const define of defines) {
    const value: unknown = context.get(define)
    said.set(define, value instanceof Expression ? await value.execute(context) : value)
  }
  return said
}

test('the interpreter says what cql-execution and cql-exec-fhir say', async () => {
  const helpers = readCqlFolders([`${projectRoot}/cql`]).filter((source) => source.name === 'FHIRHelpers')
  const own = cqlSource(text.replace("version '4.0.1'\ncodesystem", `version '${helpers[0]?.version}'\ncodesystem`))
  const closure = unwrap(await translate({ name: 'Compared', sources: [own, ...helpers] }))
  const defines = [...text.matchAll(/^define "([^"]+)"/gm)].map((match) => match[1] ?? '')
  const valueSets = pinValueSets([{ url: 'http://example.org/glucose', sha256: '', members }])
  const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'America/New_York' }
  const interpreter = unwrap(createInterpreter({ closure, defines, valueSets, period }))
  const ours = await interpreter.evaluate(record)
  // The packages read times without an offset in the process's zone: it is set to the evaluation's for them.
  const zone = process.env['TZ']
  process.env['TZ'] = 'Etc/GMT+5'
  try {
    const theirs = await packagesSay(closure, defines)
    const said = Object.fromEntries(defines.map((define) => [define, plain(ours.defines.get(define)?.value)]))
    expect(said).toEqual(Object.fromEntries(defines.map((define) => [define, plain(theirs.get(define))])))
  } finally {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  }
  expect(
    [...ours.defines].filter(([, { letter }]) => letter === 'e').map(([name, { fault }]) => [name, fault]),
  ).toEqual([])
})
