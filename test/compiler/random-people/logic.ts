import { type Arbitrary, constantFrom, integer, letrec, oneof, tuple } from 'fast-check'
import type { ElmLibrary, LibraryClosure } from '../../../src/elm/index.ts'
import type { ProfileMatching } from '../../../src/fhir/index.ts'
import { systems } from './people.ts'

type Text = Arbitrary<string>

/** What a define gives: truths, values of System types, or resources, which are told by their keys alone. */
export interface RandomDefine {
  readonly text: string
  readonly valued: boolean
}

/** The library that random defines stand in: terminology, and functions over choice elements as measures have them. */
export function libraryOf(name: string, defines: readonly RandomDefine[]): string {
  const body = defines.map(({ text }, index) => `define "D${index}":\n  ${text}`)
  return `${header(name)}\n${body.join('\n')}\n`
}

/** The line on which the define with this number begins. */
export const firstLine = (name: string): number => header(name).split('\n').length + 1

const header = (name: string) => `library ${name} version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
codesystem "A": '${systems.a}'
codesystem "B": '${systems.b}'
valueset "Some": 'http://example.org/vs/some'
valueset "Others": 'http://example.org/vs/others'
valueset "None": 'http://example.org/vs/none'
code "One": '1' from "A"
code "Two": '2' from "B"
parameter "Measurement Period" Interval<DateTime>
context Patient
define function "WhenOf"(choice Choice<FHIR.dateTime, FHIR.Period, FHIR.Timing, FHIR.instant>):
  case
    when choice is FHIR.dateTime then Interval[FHIRHelpers.ToDateTime(choice as FHIR.dateTime), FHIRHelpers.ToDateTime(choice as FHIR.dateTime)]
    when choice is FHIR.Period then FHIRHelpers.ToInterval(choice as FHIR.Period)
    when choice is FHIR.instant then Interval[FHIRHelpers.ToDateTime(choice as FHIR.instant), FHIRHelpers.ToDateTime(choice as FHIR.instant)]
    else null as Interval<DateTime>
  end
define function "OnsetOf"(choice Choice<FHIR.dateTime, FHIR.Age, FHIR.Period, FHIR.Range, FHIR.string>):
  case
    when choice is FHIR.dateTime then Interval[FHIRHelpers.ToDateTime(choice as FHIR.dateTime), FHIRHelpers.ToDateTime(choice as FHIR.dateTime)]
    when choice is FHIR.Period then FHIRHelpers.ToInterval(choice as FHIR.Period)
    when choice is FHIR.Age then Interval[ToDateTime(FHIRHelpers.ToDate(Patient.birthDate) + FHIRHelpers.ToQuantity(choice as FHIR.Age)), ToDateTime(FHIRHelpers.ToDate(Patient.birthDate) + FHIRHelpers.ToQuantity(choice as FHIR.Age) + 1 year))
    else null as Interval<DateTime>
  end
define function "PerformedOf"(choice Choice<FHIR.dateTime, FHIR.Period, FHIR.string, FHIR.Age, FHIR.Range>):
  if choice is FHIR.Period then FHIRHelpers.ToInterval(choice as FHIR.Period)
  else Interval[FHIRHelpers.ToDateTime(choice as FHIR.dateTime), FHIRHelpers.ToDateTime(choice as FHIR.dateTime)]
define function "PrevalenceOf"(condition FHIR.Condition):
  if condition.clinicalStatus ~ "One" or condition.clinicalStatus ~ "Two"
    then Interval[start of "OnsetOf"(condition.onset), FHIRHelpers.ToDateTime(condition.abatement as FHIR.dateTime)]
  else Interval[start of "OnsetOf"(condition.onset), FHIRHelpers.ToDateTime(condition.abatement as FHIR.dateTime))`

const qiCore = 'http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-'
const made = 'http://example.org/StructureDefinition'

/** Profiles that a retrieve of a type may ask for, beside the type's own: no model of FHIR 4.0.1 has a name for them. */
const profilesOf: Readonly<Record<string, readonly string[]>> = {
  Encounter: [`${qiCore}encounter`, `${made}/one`],
  Condition: [
    `${qiCore}condition-problems-health-concerns`,
    `${qiCore}condition-encounter-diagnosis`,
    `${made}/two|1.0`,
  ],
  Observation: [`${qiCore}simple-observation`, `${qiCore}observation-lab`, `${qiCore}observation-screening-assessment`],
  MedicationRequest: [`${qiCore}medicationrequest`, `${qiCore}medicationnotrequested`],
  Procedure: [`${qiCore}procedure`, `${qiCore}procedurenotdone`, `${made}/one`],
}

/** Logic in which every other retrieve asks for a profile, as that of a model with profiles does. */
export function withProfiles(closure: LibraryClosure, profiles: ProfileMatching): LibraryClosure {
  let count = 0
  const changed = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(changed)
    if (typeof node !== 'object' || node === null) return node
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, changed(value)]))
    if (copy['type'] !== 'Retrieve') return copy
    const own = profilesOf[String(copy['dataType']).split('}').at(-1) ?? ''] ?? []
    count += 1
    return count % 2 === 0 || own.length === 0 ? copy : { ...copy, templateId: own[(count >> 1) % own.length] }
  }
  const libraries = closure.libraries.map((library) => changed(library) as ElmLibrary)
  const main = libraries[closure.libraries.indexOf(closure.main)] ?? closure.main
  return { ...closure, libraries, main, profiles }
}

/** How the resources of a type are read: by what codes, when they were, what more can be asked of them. */
interface Kind {
  readonly type: string
  readonly moments: readonly string[]
  readonly spans: readonly string[]
  readonly tests: readonly string[]
  /** What a sort goes by; elements stand without an alias. */
  readonly keys: readonly string[]
}

const kinds: readonly Kind[] = [
  {
    type: 'Encounter',
    moments: ['start of $.period', 'end of $.period'],
    spans: ['$.period', 'Interval[FHIRHelpers.ToDateTime($.period.start), FHIRHelpers.ToDateTime($.period.end)]'],
    tests: ["$.status = 'finished'", 'exists ($.type T where T in "Some")', '$.class ~ "One"', '$.period is null'],
    keys: ['start of period', 'end of period', 'id.value'],
  },
  {
    type: 'Condition',
    moments: ['start of "OnsetOf"($.onset)', '$.recordedDate', 'end of "PrevalenceOf"($)'],
    spans: ['"OnsetOf"($.onset)', '"PrevalenceOf"($)'],
    tests: [
      '$.code in "Some"',
      '$.clinicalStatus ~ "One"',
      '$.onset is FHIR.Age',
      '$.abatement is null',
      'exists ($.category K where K ~ "Two")',
      "Last(Split($.encounter.reference, '/')) is not null",
    ],
    keys: ['start of "OnsetOf"(onset)', 'recordedDate.value'],
  },
  {
    type: 'Observation',
    moments: [
      'start of "WhenOf"($.effective)',
      'end of "WhenOf"($.effective)',
      '$.issued',
      '($.effective as FHIR.dateTime)',
    ],
    spans: ['"WhenOf"($.effective)', '($.effective as FHIR.Period)'],
    tests: [
      "$.status in {'final', 'amended'}",
      '$.code ~ "One"',
      "($.value as FHIR.Quantity) > 5 '%'",
      "($.value as FHIR.Quantity) <= 9 'g'",
      '($.value as FHIR.CodeableConcept) in "Others"',
      "($.value as FHIR.string) = 'positive'",
      '$.value is FHIR.boolean',
      '($.value as FHIR.integer) >= 7',
      '$.value is not null',
      'exists ($.component K where K.code ~ "One" and (K.value as FHIR.Quantity) is not null)',
      '$.component is not null',
      'Count($.component) = 0',
      '($.component K where K.code ~ "One") is null',
      "exists ($.extension X where X.url = 'http://example.org/x')",
    ],
    keys: ['start of "WhenOf"(effective)', 'issued.value', 'status.value'],
  },
  {
    type: 'MedicationRequest',
    moments: ['$.authoredOn', 'start of $.dispenseRequest.validityPeriod'],
    spans: [
      'Interval[FHIRHelpers.ToDateTime($.authoredOn), FHIRHelpers.ToDateTime($.authoredOn)]',
      '$.dispenseRequest.validityPeriod',
    ],
    tests: [
      "$.status = 'active'",
      '$.doNotPerform is true',
      '($.medication as FHIR.CodeableConcept) in "Some"',
      '$.medication is FHIR.Reference',
    ],
    keys: ['authoredOn.value'],
  },
  {
    type: 'Procedure',
    moments: ['start of "PerformedOf"($.performed)', '($.performed as FHIR.dateTime)'],
    spans: ['"PerformedOf"($.performed)'],
    tests: ['$.code in "Others"', "$.status = 'completed'", '$.performed is FHIR.string'],
    keys: ['end of "PerformedOf"(performed)'],
  },
]

const windows = constantFrom(
  '"Measurement Period"',
  'Interval[start of "Measurement Period" - 1 year, end of "Measurement Period"]',
  'Interval[@2025-06-01T00:00:00.0, @2026-06-01T00:00:00.0)',
)
const precision = constantFrom('', 'day of ', 'month of ')

/** A clause about a moment. */
const ofMoment = (moment: Text): Text =>
  oneof(
    tuple(moment, precision, windows).map(([at, of, window]) => `${at} during ${of}${window}`),
    tuple(moment, constantFrom('before', 'on or before', 'after'), windows).map(
      ([at, how, window]) => `${at} ${how} start of ${window}`,
    ),
    tuple(moment, integer({ min: 1, max: 30 }), constantFrom('days', 'months', 'weeks')).map(
      ([at, count, unit]) => `${at} ${count} ${unit} or less before day of end of "Measurement Period"`,
    ),
    tuple(moment, constantFrom('years', 'months', 'days')).map(
      ([at, unit]) => `${unit} between ${at} and end of "Measurement Period" >= 1`,
    ),
    moment.map((at) => `${at} is null`),
  )

/** A clause about a span. */
const ofSpan = (span: Text): Text =>
  tuple(
    span,
    constantFrom('overlaps', 'during', 'starts during', 'ends during', 'before', 'overlaps before', 'includes'),
    constantFrom('', 'day of '),
    windows,
  ).map(([one, how, of, window]) => `${one} ${how} ${of}${window}`)

const of = (texts: readonly string[], alias: string): Text =>
  constantFrom(...texts).map((text) => text.replaceAll('$', alias))

/** A condition on one resource under an alias. */
function condition(kind: Kind, alias: string): Text {
  const simple = oneof(
    ofMoment(of(kind.moments, alias)),
    ofSpan(of(kind.spans, alias)),
    of(kind.tests, alias),
    of(kind.tests, alias),
  )
  return oneof(
    { weight: 3, arbitrary: simple },
    {
      weight: 2,
      arbitrary: tuple(simple, constantFrom('and', 'or', 'and not'), simple).map(
        ([left, how, right]) => `(${left}) ${how === 'and not' ? 'and not' : how} (${right})`,
      ),
    },
    { weight: 1, arbitrary: simple.map((one) => `not (${one})`) },
  )
}

/** A condition between two resources. */
function between(left: Kind, a: string, right: Kind, b: string): Text {
  const moments = tuple(of(left.moments, a), of(right.moments, b))
  const spans = tuple(of(left.spans, a), of(right.spans, b))
  return oneof(
    tuple(moments, constantFrom('same day as', 'before', 'same month or before')).map(
      ([[x, y], how]) => `${x} ${how} ${y}`,
    ),
    tuple(spans, constantFrom('overlaps', 'during', 'overlaps day of', 'starts before start')).map(
      ([[x, y], how]) => `${x} ${how} ${y}`,
    ),
    tuple(of(left.moments, a), of(right.spans, b)).map(([x, y]) => `${x} during day of ${y}`),
    moments.map(([x, y]) => `${x} 60 days or less after day of ${y}`),
  )
}

/** An encounter's own codes are a list, which a single code cannot be compared with. */
const retrieve = ({ type }: Kind): Text =>
  constantFrom(
    `[${type}]`,
    `[${type}]`,
    `[${type}: "Some"]`,
    `[${type}: "Others"]`,
    `[${type}: "None"]`,
    type === 'Encounter' ? `[${type}]` : `[${type}: "One"]`,
  )

const anyKind = constantFrom(...kinds)

/** Lists of resources of one type. */
function resourceList(kind: Kind): Text {
  return letrec<{ list: string }>((tie) => ({
    list: oneof(
      { depthSize: 'small', withCrossShrink: true },
      retrieve(kind),
      tuple(tie('list'), condition(kind, 'R')).map(([list, where]) => `(${list} R where ${where})`),
      tuple(tie('list'), condition(kind, 'R')).map(([list, where]) => `(${list} R where ${where})`),
      tuple(tie('list'), anyKind, constantFrom('with', 'without')).chain(([list, other, how]) =>
        tuple(retrieve(other), between(kind, 'R', other, 'S')).map(
          ([second, such]) => `(${list} R ${how} ${second} S such that ${such})`,
        ),
      ),
      tuple(tie('list'), constantFrom('union', 'intersect', 'except'), tie('list')).map(
        ([left, how, right]) => `(${left} ${how} ${right})`,
      ),
      tuple(tie('list'), of(kind.moments, 'R'), condition(kind, 'R')).map(
        ([list, moment, where]) => `(${list} R let at: ${moment} where at is not null and (${where}) return R)`,
      ),
    ),
  })).list
}

const sorted = (kind: Kind): Text =>
  tuple(resourceList(kind), constantFrom(...kind.keys), constantFrom('asc', 'desc')).map(
    ([list, key, how]) => `(${list} R sort by ${key} ${how})`,
  )

const ages = integer({ min: 1, max: 80 }).map((age) => `AgeInYearsAt(start of "Measurement Period") >= ${age}`)
const ofPatient = oneof(
  ages,
  constantFrom(
    "Patient.gender = 'female'",
    'Patient.deceased as FHIR.boolean',
    'Patient.birthDate before @2000-01-01',
    'AgeInMonthsAt(end of "Measurement Period") < 30',
    "exists (Patient.extension X where X.url = 'http://example.org/x')",
  ),
)

const onAny = (make: (kind: Kind) => Text): Text => anyKind.chain(make)

const truth: Text = oneof(
  onAny((kind) => resourceList(kind).map((list) => `exists ${list}`)),
  onAny((kind) =>
    tuple(resourceList(kind), integer({ min: 0, max: 3 })).map(([list, count]) => `Count(${list}) >= ${count}`),
  ),
  onAny((kind) =>
    tuple(sorted(kind), condition(kind, 'L')).map(([list, test]) => `((First(${list})) L return ${test})`),
  ),
  tuple(
    ofPatient,
    onAny((kind) => resourceList(kind).map((list) => `exists ${list}`)),
  ).map(([patient, list]) => `${patient} and ${list}`),
  onAny((left) =>
    anyKind.chain((right) =>
      tuple(resourceList(left), resourceList(right), between(left, 'X', right, 'Y')).map(
        ([a, b, where]) => `exists (from ${a} X, ${b} Y where ${where} return X)`,
      ),
    ),
  ),
  onAny((kind) =>
    tuple(sorted(kind), of(kind.moments, 'L')).map(([list, at]) => `((Last(${list})) L return ${at}) is not null`),
  ),
)

const value: Text = oneof(
  onAny((kind) => resourceList(kind).map((list) => `Count(${list})`)),
  onAny((kind) =>
    tuple(resourceList(kind), of(kind.moments, 'R'), constantFrom('Min', 'Max', 'First')).map(
      ([list, at, how]) => `${how}(${list} R return date from ${at})`,
    ),
  ),
  onAny((kind) =>
    tuple(resourceList(kind), of(kind.moments, 'R')).map(([list, at]) => `${list} R return all ${at} + 1 month`),
  ),
  onAny((kind) =>
    tuple(resourceList(kind), of(kind.moments, 'R')).map(([list, at]) => `${list} R return year from ${at}`),
  ),
  resourceList(kinds[2] as Kind).map((list) => `Max(${list} R return R.value as FHIR.Quantity)`),
  resourceList(kinds[2] as Kind).map(
    (list) => `Sum((${list} R where R.value is FHIR.Quantity) R return all (R.value as FHIR.Quantity).value.value)`,
  ),
  onAny((kind) =>
    tuple(resourceList(kind), condition(kind, 'R')).map(
      ([list, test]) => `${list} R aggregate A starting 0: A + (if ${test} then 1 else 10)`,
    ),
  ),
  onAny((kind) =>
    tuple(resourceList(kind), of(kind.moments, 'R'), condition(kind, 'R')).map(
      ([list, at, test]) => `${list} R return all Tuple { at: date from ${at}, met: ${test} }`,
    ),
  ),
  onAny((kind) =>
    tuple(retrieve(kind), of(kind.moments, 'S')).map(
      ([list, at]) =>
        `[Encounter] E return all Count((expand { Interval[1, days between start of E.period and end of E.period] }) D where exists (${list} S where days between start of E.period and ${at} = end of D))`,
    ),
  ),
  onAny((kind) =>
    tuple(resourceList(kind), of(kind.spans, 'R')).map(
      ([list, span]) =>
        `Count(collapse (${list} R where ${span} is not null and start of ${span} <= end of ${span} return all ${span}))`,
    ),
  ),
)

const resources: Text = oneof(
  onAny(resourceList),
  onAny(sorted),
  onAny((kind) => tuple(sorted(kind), constantFrom('First', 'Last')).map(([list, how]) => `${how}(${list})`)),
  onAny((kind) => resourceList(kind).map((list) => `singleton from (${list})`)),
)

export const randomDefine: Arbitrary<RandomDefine> = oneof(
  { weight: 4, arbitrary: truth.map((text) => ({ text, valued: false })) },
  { weight: 3, arbitrary: value.map((text) => ({ text, valued: true })) },
  { weight: 3, arbitrary: resources.map((text) => ({ text, valued: false })) },
)
