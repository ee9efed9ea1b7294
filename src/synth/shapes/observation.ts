import type { Code } from '../codes/code.ts'
import type { Observed, Quantity, Value } from '../fact.ts'
import { dated, encounterOf } from './clinical.ts'
import { codeable, hl7, type Json, type Pen, stamp } from './written.ts'

const categoryNames = {
  laboratory: 'Laboratory',
  'vital-signs': 'Vital Signs',
  survey: 'Survey',
  imaging: 'Imaging',
  'social-history': 'Social History',
  exam: 'Exam',
} as const

const localNames: Readonly<Record<string, string>> = {
  '4548-4': 'HGBA1C',
  '2160-0': 'CREAT',
  '13457-7': 'LDLC',
  '29771-3': 'IFOBT',
}

/** A US Core observation, in the value form that the fact has come to have. */
export function writeObserved(pen: Pen, fact: Observed): Json {
  return {
    resourceType: 'Observation',
    id: fact.id,
    ...(fact.event === undefined
      ? {}
      : { identifier: [{ system: 'urn:oid:2.16.840.1.113883.19.5.200', value: fact.event }] }),
    ...(fact.status === 'cancelled' && fact.reason !== undefined ? notDone(pen, fact.reason) : {}),
    status: fact.status,
    category: [hl7('observation-category', fact.category, categoryNames[fact.category])],
    code: fact.local === true ? localCode(pen, fact.code) : codeable(pen, fact.code),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    effectiveDateTime: dated(pen, fact),
    issued: stamp(pen, fact.day, fact.minute + 5),
    performer: [pen.practitioner],
    ...valueOf(pen, fact),
  }
}

const notDone = (pen: Pen, reason: Code): Json => ({
  extension: [
    {
      url: 'http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason',
      valueCodeableConcept: codeable(pen, reason),
    },
  ],
})

/** The source's own code alone, as laboratories do whose catalogue was never mapped. */
function localCode(pen: Pen, code: Code): Json {
  const local = localNames[code.code] ?? `L${code.code.replace('-', '')}`
  return { coding: [{ system: `urn:caregap:example:${pen.source.name}:lab`, code: local }], text: code.display }
}

function valueOf(pen: Pen, fact: Observed): Json {
  if (fact.parts !== undefined)
    return {
      component: fact.parts.map(([code, quantity]) => ({
        code: codeable(pen, code),
        valueQuantity: quantityOf(quantity, fact.unit),
      })),
    }
  if (fact.value === undefined) return { dataAbsentReason: absentReason(fact) }
  return choiceOf(pen, fact.value, fact.unit)
}

const absentReason = ({ status }: Observed): Json =>
  status === 'cancelled'
    ? hl7('data-absent-reason', 'not-performed', 'Not Performed')
    : hl7('data-absent-reason', 'error', 'Error')

function choiceOf(pen: Pen, value: Value, unit: string | null | undefined): Json {
  if (value.kind === 'quantity') return { valueQuantity: quantityOf(value, unit) }
  if (value.kind === 'concept') return { valueCodeableConcept: codeable(pen, value.code) }
  return { valueString: value.text }
}

/** A quantity in UCUM; `unit` null leaves the unit out, another text is what was typed instead. */
function quantityOf(quantity: Quantity, unit: string | null | undefined): Json {
  if (unit === null) return { value: quantity.value }
  if (unit !== undefined) return { value: quantity.value, unit }
  return { value: quantity.value, unit: quantity.unit, system: 'http://unitsofmeasure.org', code: quantity.unit }
}
