import { yearOf } from '../calendar.ts'
import type { Code } from '../codes/code.ts'
import { allergies, medications, vaccines } from '../codes/medications.ts'
import { answers, observations } from '../codes/observations.ts'
import type { Visit } from '../fact.ts'
import { concept, quantity } from './chart.ts'
import { ageAt, type Life, lastYear } from './life.ts'

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

/** What is measured at a visit in person: blood pressure, now and then weight and smoking. */
export function takeVitals(life: Life, visit: Visit): void {
  if (visit.kind.class === 'VR') return
  const { chart, random } = life
  if (ageAt(life, visit) >= 3 && random.chance(0.88)) measurePressure(life, visit)
  if (ageAt(life, visit) < 18 || !random.chance(0.5)) return
  const weight = round(life.usual.weight + 1.1 * random.normal(), 1)
  const index = round(weight / (life.usual.height / 100) ** 2, 1)
  chart.observe(observations.weight, visit, 'vital-signs', quantity(weight, 'kg'))
  chart.observe(observations.bodyMass, visit, 'vital-signs', quantity(index, 'kg/m2'))
  if (random.chance(0.3)) {
    const smoking = random.weighted([
      [answers.neverSmoker, 62],
      [answers.formerSmoker, 25],
      [answers.smoker, 13],
    ] as const)
    chart.observe(observations.smoking, visit, 'social-history', concept(smoking))
  }
}

/** One reading of both pressures, around the level of the person. */
export function measurePressure(life: Life, visit: Visit): void {
  const { chart, random } = life
  const level = life.hypertension === undefined ? 118 + (life.systolic - 135) * 0.5 : life.systolic
  const systolic = Math.round(level + 7 * random.normal())
  const diastolic = Math.round(80 + (systolic - 135) * 0.35 + 6 * random.normal())
  chart.observe(observations.bloodPressure, visit, 'vital-signs', undefined, {
    parts: [
      [observations.systolic, quantity(Math.max(84, systolic), 'mm[Hg]')],
      [observations.diastolic, quantity(Math.max(46, Math.min(diastolic, systolic - 18)), 'mm[Hg]')],
    ],
  })
}

/** Laboratory tests of people with diabetes or at risk, with the order and the report now and then. */
export function takeLabs(life: Life, visits: readonly Visit[]): void {
  const inPerson = visits.filter((visit) => visit.kind.class === 'AMB')
  const first = inPerson[0]
  if (first === undefined) return
  if (life.diabetes !== undefined) takeGlycemia(life, inPerson)
  else if (ageAt(life, first) >= 45 && life.random.chance(0.08)) {
    life.chart.observe(
      observations.hba1c,
      first,
      'laboratory',
      quantity(round(5.5 + 0.3 * life.random.normal(), 1), '%'),
    )
  }
  if (ageAt(life, first) >= 30 && life.random.chance(life.diabetes ? 0.8 : 0.42)) takePanel(life, first)
}

function takeGlycemia(life: Life, visits: readonly Visit[]): void {
  const { chart, random } = life
  if (random.chance(0.1)) {
    const first = visits[0]
    if (first !== undefined && random.chance(0.5))
      chart.order(observations.hba1c, first, { mess: ['order-without-result'] })
    return
  }
  for (const visit of visits.slice(0, 2)) {
    const value = quantity(round(Math.max(4.9, life.glycemia + 0.35 * random.normal()), 1), '%')
    const code = random.chance(0.92) ? observations.hba1c : observations.hba1cByHplc
    const observed = chart.observe(code, visit, 'laboratory', value)
    if (random.chance(0.3)) chart.order(code, visit, { status: 'completed' })
    if (random.chance(0.12)) chart.report(reportCodes.lab, 'LAB', [observed], visit)
  }
}

/** Kidneys, lipids and glucose, each in keeping with the person and with the other results. */
function takePanel(life: Life, visit: Visit): void {
  const { chart, random } = life
  const impaired = life.others.some((disease) => disease.code.code.startsWith('N18'))
  const filtration = Math.round((impaired ? 0.5 : 1) * life.usual.filtration + 3 * random.normal())
  const creatinine = round(((life.person.sex === 'female' ? 66 : 84) / filtration) * (1 + 0.03 * random.normal()), 2)
  const glucose =
    life.diabetes === undefined ? 92 + 9 * random.normal() : 28.7 * life.glycemia - 46.7 + 14 * random.normal()
  const results = [
    [observations.creatinine, creatinine, 'mg/dL'],
    [observations.filtration, filtration, 'mL/min/{1.73_m2}'],
    [observations.ldl, Math.round(life.usual.ldl + 8 * random.normal()), 'mg/dL'],
    [observations.glucose, Math.round(glucose), 'mg/dL'],
  ] as const
  const seen = results.map(([code, value, unit]) => chart.observe(code, visit, 'laboratory', quantity(value, unit)))
  if (random.chance(0.5)) chart.report(reportCodes.lab, 'LAB', seen, visit)
}

export const reportCodes = {
  lab: { system: 'http://loinc.org', code: '11502-2', display: 'Laboratory report' },
  mammogram: observations.mammogram,
} as const

const remedies: Readonly<Record<string, Code>> = {
  'E78.5': medications.atorvastatin,
  'J45.909': medications.albuterol,
  'K21.9': medications.omeprazole,
}

/** Long-term medication, written anew once a year, and vaccines. */
export function treat(life: Life, visit: Visit): void {
  const { chart, random } = life
  if (life.diabetes !== undefined)
    chart.prescribe(life.glycemia > 8.6 ? medications.insulin : medications.metformin, visit, 90)
  if (life.hypertension !== undefined && random.chance(0.8))
    chart.prescribe(random.pick([medications.lisinopril, medications.amlodipine, medications.losartan]), visit, 90)
  if (life.depression !== undefined && random.chance(0.6)) chart.prescribe(medications.sertraline, visit, 30)
  for (const other of life.others)
    if (remedies[other.code.code] !== undefined && random.chance(0.6))
      chart.prescribe(remedies[other.code.code] as Code, visit, 90)
  const age = ageAt(life, visit)
  if (random.chance(0.4)) chart.vaccinate(vaccines.influenza, visit, random.chance(0.08))
  if (age >= 65 && random.chance(0.2)) chart.vaccinate(vaccines.pneumococcal, visit)
  if (age >= 50 && random.chance(0.1)) chart.vaccinate(vaccines.shingles, visit)
  if (random.chance(0.12)) chart.vaccinate(vaccines.covid, visit)
  if (yearOf(visit.day) === lastYear && random.chance(0.25))
    chart.allergy(random.pick([allergies.penicillin, allergies.sulfa, allergies.peanut, allergies.none]), visit)
}
