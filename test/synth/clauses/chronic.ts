import type { Json } from '../demo.ts'
import {
  type Days,
  type Evidence,
  endsBy,
  hasCategory,
  isCode,
  isDuring,
  isIn,
  type Observation,
  overlaps,
  period,
} from '../evidence.ts'
import type { SetName } from '../value-set-samples.ts'
import { type Clause, clause } from './clause.ts'

const isGlycemic = (one: Json) => isIn(one.code, 'HbA1c Laboratory Test') || isCode(one.code, '97506-0')
const isEncounterDiagnosis = (one: Json) => hasCategory(one, 'encounter-diagnosis')

const tests = (person: Evidence) => person.observations(isGlycemic).filter(({ days }) => isDuring(days))

const percent = (one: Observation): number | undefined => {
  const { value, code } = (one.resource.valueQuantity ?? {}) as { value?: number; code?: string }
  return code === '%' ? value : undefined
}

/** The lowest percentage of the last day; null without a result on it, undefined without any test. */
function glycemicStatus(person: Evidence): number | null | undefined {
  const known = tests(person)
  const last = known
    .map(({ days }) => days.last)
    .sort()
    .at(-1)
  if (last === undefined) return undefined
  const values = known.filter(({ days }) => days.last === last).flatMap((one) => percent(one) ?? [])
  return values.length === 0 ? null : Math.min(...values)
}

const glycemic: readonly Clause[] = [
  clause('122', 'diabetes diagnosed at a visit, in the period', (person) =>
    person.conditions('Diabetes', isEncounterDiagnosis).some((days) => overlaps(days)),
  ),
  clause('122', 'HbA1c in the period', (person) =>
    tests(person).some(({ resource }) => isIn(resource.code, 'HbA1c Laboratory Test')),
  ),
  clause('122', 'glucose management indicator in the period', (person) =>
    tests(person).some(({ resource }) => isCode(resource.code, '97506-0')),
  ),
  clause('122', 'last glycemic status without a result', (person) => glycemicStatus(person) === null),
  clause('122', 'last glycemic status above 9%', (person) => (glycemicStatus(person) ?? 0) > 9),
  clause('122', 'last glycemic status of 9% or less', (person) => (glycemicStatus(person) ?? 99) <= 9),
  clause('122', 'no glycemic status in the period', (person) => glycemicStatus(person) === undefined),
]

const inpatient = ['Encounter Inpatient', 'Emergency Department Evaluation and Management Visit'] as const

/** Readings of the period that were not taken on a day in hospital or in an emergency department. */
function readings(person: Evidence): Observation[] {
  const away = inpatient.flatMap((set) => person.visits(set))
  return pressures(person).filter(({ days }) => !away.some((stay) => overlaps(days, stay)))
}

const pressures = (person: Evidence) =>
  person.observations((one) => isCode(one.code, '85354-9')).filter(({ days }) => isDuring(days))

/** The lowest value of one of the two pressures on the last day with a reading. */
function pressure(person: Evidence, code: string): number | undefined {
  const known = readings(person)
  const last = known
    .map(({ days }) => days.last)
    .sort()
    .at(-1)
  const values = known.filter(({ days }) => days.last === last).flatMap(({ resource }) => part(resource, code) ?? [])
  return values.length === 0 ? undefined : Math.min(...values)
}

function part(resource: Json, code: string): number | undefined {
  const parts = (resource.component ?? []) as { code: Json; valueQuantity?: { value?: number; code?: string } }[]
  const quantity = parts.find((one) => isCode(one.code, code))?.valueQuantity
  return quantity?.code === 'mm[Hg]' ? quantity.value : undefined
}

const firstHalf: Days = { first: '2026-01-01', last: '2026-06-30' }

const diagnosed = (set: SetName): Clause =>
  clause('165', `${set} in the period`, (person) => person.conditions(set).some((days) => overlaps(days)))

const done = (set: SetName): Clause =>
  clause('165', `${set} by the end of the period`, (person) =>
    person.procedures(set).some((days) => endsBy(days, period.last)),
  )

const onADayOf = (set: (typeof inpatient)[number]): Clause =>
  clause('165', `blood pressure taken on a day of: ${set}`, (person) => {
    const stays = person.visits(set)
    return pressures(person).some(({ days }) => stays.some((stay) => overlaps(days, stay)))
  })

const pressureClauses: readonly Clause[] = [
  clause('165', 'hypertension in the first half of the period', (person) =>
    person.conditions('Essential Hypertension').some((days) => overlaps(days, firstHalf)),
  ),
  clause('165', 'blood pressure outside hospital in the period', (person) => readings(person).length > 0),
  ...inpatient.map(onADayOf),
  clause('165', 'last systolic below 140', (person) => (pressure(person, '8480-6') ?? 999) < 140),
  clause('165', 'last systolic of 140 or more', (person) => (pressure(person, '8480-6') ?? 0) >= 140),
  clause('165', 'last diastolic below 90', (person) => (pressure(person, '8462-4') ?? 999) < 90),
  clause('165', 'last diastolic of 90 or more', (person) => (pressure(person, '8462-4') ?? 0) >= 90),
  diagnosed('Pregnancy'),
  diagnosed('End Stage Renal Disease'),
  diagnosed('Kidney Transplant Recipient'),
  diagnosed('Chronic Kidney Disease, Stage 5'),
  done('Kidney Transplant'),
  done('Dialysis Services'),
]

export const chronicClauses: readonly Clause[] = [...glycemic, ...pressureClauses]
