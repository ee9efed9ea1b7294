import { type Day, dayOf, yearOf } from '../calendar.ts'
import type { Code } from '../codes/code.ts'
import { diagnoses } from '../codes/diagnoses.ts'
import type { Visit } from '../fact.ts'
import { ageAtEndOf, type Person } from '../person.ts'
import type { Random } from '../random.ts'
import type { Chart } from './chart.ts'
import { ageOfOnset, diabetesByAge, hypertensionByAge } from './disease.ts'

/** A disease that stays: since when, and as which code. */
export interface Chronic {
  readonly since: Day
  readonly code: Code
}

/** Where a person stands on the clinical course: every year moves it on. */
export interface Life {
  readonly person: Person
  readonly random: Random
  readonly chart: Chart
  diabetes?: Chronic
  hypertension?: Chronic
  depression?: Chronic
  readonly others: Chronic[]
  /** The level that the person's HbA1c (%) and systolic pressure (mmHg) move around. */
  glycemia: number
  systolic: number
  /** What the person's measurements and tests keep coming back to. */
  readonly usual: {
    readonly height: number
    readonly weight: number
    readonly ldl: number
    readonly filtration: number
  }
  readonly onset: { readonly diabetes: number | undefined; readonly hypertension: number | undefined }
}

/** The first year of the records: diseases that began before are on the problem list, their visits are not. */
export const firstYear = 2022
export const lastYear = 2026

/** Height in cm, weight in kg, LDL in mg/dL, filtration in mL/min: they go with sex, age and metabolic risk. */
function usualOf(person: Person, random: Random): Life['usual'] {
  const height = Math.round((person.sex === 'female' ? 163 : 176) + 6.5 * random.normal())
  const index = 25 + 6 * (1 - person.liability.diabetes) + 3.5 * random.normal()
  const age = ageAtEndOf(person, lastYear)
  return {
    height,
    weight: Math.max(18, index) * (height / 100) ** 2,
    ldl: Math.max(55, 112 + 26 * random.normal()),
    filtration: Math.max(48, Math.min(118, 118 - 0.55 * age + 9 * random.normal())),
  }
}

export function beginLife(person: Person, random: Random, chart: Chart): Life {
  return {
    person,
    random,
    chart,
    others: [],
    glycemia: Math.max(5.4, 7.68 + 1.55 * random.normal()),
    systolic: 133 + 12 * random.normal(),
    usual: usualOf(person, random),
    onset: {
      diabetes: ageOfOnset(diabetesByAge, person.liability.diabetes),
      hypertension: ageOfOnset(hypertensionByAge, person.liability.hypertension),
    },
  }
}

/** Diseases that showed by the end of a year and had not before: the year of diagnosis. */
export function fallIll(life: Life, year: number): void {
  const age = ageAtEndOf(life.person, year)
  const { onset, random, chart } = life
  const day = dayOf(
    Math.max(1960, year - (year === firstYear ? yearsBefore(life, age) : 0)),
    random.int(1, 6),
    random.int(1, 28),
  )
  const at = { day, minute: 600, home: life.person.homes[0] ?? 0 }
  if (life.diabetes === undefined && reached(onset.diabetes, age))
    life.diabetes = diagnose(life, diabetesCode(life), at)
  if (life.hypertension === undefined && reached(onset.hypertension, age))
    life.hypertension = diagnose(life, diagnoses.hypertension, at)
  const minor: readonly (readonly [Code, number, number])[] = [
    [diagnoses.hyperlipidemia, 30, life.diabetes ? 0.25 : 0.05],
    [diagnoses.obesity, 12, life.diabetes ? 0.15 : 0.04],
    [diagnoses.asthma, 12, 0.015],
    [diagnoses.reflux, 30, 0.03],
    [diagnoses.kidneyStage3, 60, life.diabetes ? 0.05 : 0.01],
  ]
  for (const [code, fromAge, chance] of minor)
    if (age >= fromAge && random.chance(chance) && !life.others.some((known) => known.code === code))
      life.others.push(diagnose(life, code, at))
  if (life.depression === undefined && age >= 12 && random.chance(0.018))
    life.depression = diagnose(life, diagnoses.depression, at)
  if (age >= 16 && year === firstYear && random.chance(0.044))
    chart.problem(random.chance(0.7) ? diagnoses.bipolar : diagnoses.bipolarTwo, day, at)
}

const reached = (onset: number | undefined, age: number): boolean => onset !== undefined && age >= onset

/** Somebody whose disease began before the records may have had it for long. */
const yearsBefore = (life: Life, age: number): number => {
  const began = life.onset.diabetes ?? life.onset.hypertension
  return began === undefined ? life.random.int(0, 6) : Math.max(0, Math.min(age - began, 20))
}

function diabetesCode(life: Life): Code {
  if (life.onset.diabetes !== undefined && life.onset.diabetes < 25) return diagnoses.type1Diabetes
  return life.glycemia > 9 ? diagnoses.type2Hyperglycemia : diagnoses.type2Diabetes
}

function diagnose(life: Life, code: Code, at: { day: Day; minute: number; home: number }): Chronic {
  life.chart.problem(code, at.day, at)
  return { since: at.day, code }
}

/** The chronic diseases that a visit may be for. */
export const chronicOf = (life: Life): readonly Chronic[] =>
  [life.diabetes, life.hypertension, life.depression, ...life.others].filter((one) => one !== undefined)

/** Age at a visit's year end; visits of minors have no adult tests. */
export const ageAt = (life: Life, visit: Visit): number => ageAtEndOf(life.person, yearOf(visit.day))
