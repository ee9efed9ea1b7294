import { ageOn, dayOf } from '../calendar.ts'
import { medications } from '../codes/medications.ts'
import { answers, observations } from '../codes/observations.ts'
import { procedures } from '../codes/procedures.ts'
import { visits } from '../codes/visits.ts'
import type { Visit } from '../fact.ts'
import { concept, quantity } from './chart.ts'
import { type Life, lastYear } from './life.ts'

/** Kinds of visit that count as an occasion to screen for depression, and that ship without CPT. */
const occasions = new Set<unknown>([
  visits.office,
  visits.clinic,
  visits.evening,
  visits.wellness,
  visits.wellnessFirst,
  visits.welcome,
  visits.physicalTherapy,
  visits.telephone,
  visits.nutrition,
  visits.nutritionGroup,
])

/** A screening at one of the year's visits, its result, and what follows a positive one; or why there was none. */
export function screenMood(life: Life, seen: readonly Visit[]): void {
  const occasion = seen.find((visit) => occasions.has(visit.kind))
  if (occasion === undefined || screenedAge(life) < 12) return
  const { random } = life
  const draw = random.next()
  if (draw < 0.705) {
    if (random.chance(life.depression ? 0.3 : 0.075)) positiveScreen(life, occasion)
    else screen(life, occasion, false)
  } else if (draw < 0.735) refuse(life, occasion, random.chance(0.65))
}

/** Age at the start of the main period: it decides which questionnaire is asked. */
const screenedAge = (life: Life): number => ageOn(life.person.birth, dayOf(lastYear, 1, 1))

const questionnaire = (life: Life) =>
  screenedAge(life) < 17 || (screenedAge(life) === 17 && life.random.chance(0.5))
    ? observations.adolescentScreen
    : observations.adultScreen

/** The screening's finding and, for most, the PHQ-9 score behind it. */
export function screen(life: Life, visit: Visit, positive: boolean): void {
  const { chart, random } = life
  const answer = positive ? answers.screenPositive : answers.screenNegative
  chart.observe(questionnaire(life), visit, 'survey', concept(answer))
  if (random.chance(0.6))
    chart.observe(
      observations.phq9,
      visit,
      'survey',
      quantity(positive ? random.int(10, 24) : random.int(0, 8), '{score}'),
    )
}

export type FollowUp = 'medication' | 'referral' | 'counsel'

function positiveScreen(life: Life, visit: Visit): void {
  screen(life, visit, true)
  const { random } = life
  if (random.chance(0.62)) followUp(life, visit, random.pick(['medication', 'referral', 'counsel'] as const))
  else if (random.chance(0.4)) declineFollowUp(life, visit)
}

/** Offered and declined: written down as an order not to do it, which is no follow-up. */
function declineFollowUp(life: Life, visit: Visit): void {
  const { chart, random } = life
  if (random.chance(0.5))
    chart.prescribe(medications.fluoxetine, visit, 30, { status: 'completed', reason: answers.procedureDeclined })
  else chart.order(procedures.psychiatryReferral, visit, { status: 'completed', refused: answers.procedureDeclined })
}

/** What was done on the day about a positive screening. */
export function followUp(life: Life, visit: Visit, way: FollowUp): void {
  const { chart, random } = life
  const minor = screenedAge(life) < 18
  if (way === 'medication')
    chart.prescribe(
      minor ? medications.fluoxetine : random.pick([medications.escitalopram, medications.sertraline]),
      visit,
      30,
    )
  else if (way === 'referral')
    chart.order(
      minor
        ? procedures.psychiatryReferral
        : random.pick([procedures.depressionReferral, procedures.psychiatryReferral]),
      visit,
    )
  else
    chart.act(
      minor ? procedures.psychotherapy : random.pick([procedures.depressionFollowUp, procedures.psychotherapy]),
      visit,
    )
}

/** Not screened, and the record says why: the person declined, or a medical reason. */
export function refuse(life: Life, visit: Visit, declined: boolean): void {
  life.chart.observe(questionnaire(life), visit, 'survey', undefined, {
    status: 'cancelled',
    reason: declined ? answers.screenDeclined : answers.notIndicated,
  })
}
