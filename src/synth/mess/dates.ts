import { dayOf } from '../calendar.ts'
import type { Fact } from '../fact.ts'
import type { Random } from '../random.ts'
import { mark, messRates } from './rates.ts'

/** What lies before this was often told by the patient, who knew the month or the year. */
const toldNotSeen = dayOf(2025, 1, 1)

/** Leaves some old diagnoses and procedures with a month or a year for a date. */
export function coarsenDate(fact: Fact, random: Random): void {
  if (fact.day >= toldNotSeen || (fact.type !== 'act' && fact.type !== 'diagnosis')) return
  const draw = random.next()
  if (draw < messRates['year-only-date']) {
    fact.precision = 'year'
    mark(fact, 'year-only-date')
  } else if (draw < messRates['year-only-date'] + messRates['month-only-date']) {
    fact.precision = 'month'
    mark(fact, 'month-only-date')
  }
}
