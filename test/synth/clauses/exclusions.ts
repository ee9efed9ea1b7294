import type { Json } from '../demo.ts'
import {
  codesOf,
  type Days,
  daysOf,
  type Evidence,
  hasCategory,
  isCode,
  isDuring,
  isIn,
  overlaps,
  periodOf,
} from '../evidence.ts'
import { type Clause, clause } from './clause.ts'

const all = '122 125 130 165'
const yearBefore: Days = { first: '2025-01-01', last: '2026-12-31' }
const orders = ['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order']

const isOrdered = (resource: Json): boolean =>
  ['active', 'completed'].includes(String(resource.status)) && orders.includes(String(resource.intent))

/** Discharged in the period from a hospital stay to hospice at the place that the code names. */
const dischargedTo = (code: string) => (person: Evidence) =>
  person.of('Encounter').some(({ source, resource }) => {
    const { dischargeDisposition } = (resource.hospitalization ?? {}) as Json
    const stay = (resource.type as Json[]).some((type) => isIn(type, 'Encounter Inpatient'))
    const last = periodOf(source, resource.period)?.last ?? ''
    return (
      stay &&
      resource.status === 'finished' &&
      isCode(dischargeDisposition, code) &&
      last >= '2026-01-01' &&
      last <= '2026-12-31'
    )
  })

const assessed =
  (code: string, holds: (resource: Json) => boolean = () => true) =>
  (person: Evidence) =>
    person.observations((one) => isCode(one.code, code) && holds(one)).some(({ days }) => overlaps(days))

const ordered = (type: string, holds: (resource: Json) => boolean) => (person: Evidence) =>
  person
    .of(type)
    .some(
      ({ source, resource }) => isOrdered(resource) && holds(resource) && isDuring(daysOf(source, resource.authoredOn)),
    )

const hospice: readonly Clause[] = [
  clause(all, 'discharge to home for hospice care', dischargedTo('428361000124107')),
  clause(all, 'discharge to a facility for hospice care', dischargedTo('428371000124100')),
  clause(all, 'hospice encounter', (person) => person.visits('Hospice Encounter').some((days) => overlaps(days))),
  clause(
    all,
    'hospice care assessed as yes',
    assessed('45755-6', (one) => isCode(one.valueCodeableConcept, '373066001')),
  ),
  clause(
    all,
    'hospice care ordered',
    ordered('ServiceRequest', (one) => isIn(one.code, 'Hospice Care Ambulatory')),
  ),
  clause(all, 'hospice care performed', (person) =>
    person.procedures('Hospice Care Ambulatory').some((days) => overlaps(days)),
  ),
  clause(all, 'hospice diagnosis', (person) => person.conditions('Hospice Diagnosis').some((days) => overlaps(days))),
]

const palliative: readonly Clause[] = [
  clause(all, 'palliative care assessment (FACIT-Pal)', assessed('71007-9')),
  clause(all, 'palliative care diagnosis', (person) =>
    person.conditions('Palliative Care Diagnosis').some((days) => overlaps(days)),
  ),
  clause(all, 'palliative care encounter', (person) =>
    person.visits('Palliative Care Encounter').some((days) => overlaps(days)),
  ),
  clause(all, 'palliative care intervention', (person) =>
    person.procedures('Palliative Care Intervention').some((days) => overlaps(days)),
  ),
]

const frailty: readonly Clause[] = [
  clause(
    all,
    'frailty device ordered',
    ordered('DeviceRequest', (one) => isIn(one.codeCodeableConcept, 'Frailty Device')),
  ),
  clause(
    all,
    'frailty device in use',
    assessed('98181-1', (one) => isIn(one.valueCodeableConcept, 'Frailty Device')),
  ),
  clause(all, 'frailty diagnosis', (person) => person.conditions('Frailty Diagnosis').some((days) => overlaps(days))),
  clause(all, 'frailty encounter', (person) => person.visits('Frailty Encounter').some((days) => overlaps(days))),
  clause(all, 'frailty symptom', (person) =>
    person.observations((one) => isIn(one.code, 'Frailty Symptom')).some(({ days }) => overlaps(days)),
  ),
  clause(all, 'advanced illness found in the period or the year before', (person) =>
    person.conditions('Advanced Illness').some(({ first }) => isDuring({ first, last: first }, yearBefore)),
  ),
  clause(all, 'dementia medication in the period or the year before', (person) =>
    person.of('MedicationRequest').some(({ source, resource }) => {
      const { validityPeriod } = (resource.dispenseRequest ?? {}) as Json
      const takes = resource.status === 'active' && isIn(resource.medicationCodeableConcept, 'Dementia Medications')
      return takes && overlaps(periodOf(source, validityPeriod), yearBefore)
    }),
  ),
  clause(all, 'last housing status is a nursing home', (person) => {
    const known = person.observations((one) => isCode(one.code, '71802-3') && hasCategory(one, 'survey'))
    const last = known
      .filter(({ days }) => days.last <= '2026-12-31')
      .sort((a, b) => (a.days.last < b.days.last ? 1 : -1))[0]
    return codesOf(last?.resource.valueCodeableConcept).includes('160734000')
  }),
]

export const exclusionClauses: readonly Clause[] = [...hospice, ...palliative, ...frailty]
