import { isoDay } from '../calendar.ts'
import type { Fact } from '../fact.ts'
import type { Person } from '../person.ts'
import type { Random } from '../random.ts'
import { type Source, sourceAt } from '../sources.ts'
import { fallsOnNextDay } from '../zone.ts'
import { leaveCopies } from './copies.ts'
import { coarsenDate } from './dates.ts'
import { mark, messRates } from './rates.ts'
import { spoilResult } from './results.ts'

/** The facts as the records come to hold them: some spoilt, some twice. The facts given are changed in place. */
export function soilFacts(person: Person, facts: readonly Fact[], random: Random): Fact[] {
  const soiled: Fact[] = []
  let event = 0
  for (const fact of facts) {
    if (fact.type === 'observed' && fact.category === 'laboratory') fact.event = `${person.index}-${++event}`
    soiled.push(fact)
    for (const copy of leaveCopies(fact, person.homes, random)) soiled.push(copy)
  }
  for (const fact of soiled) soilFact(fact, random)
  return soiled
}

function soilFact(fact: Fact, random: Random): void {
  coarsenDate(fact, random)
  if (fact.type === 'observed') spoilResult(fact, random)
  if (fact.visit !== undefined && namesVisit(fact) && random.chance(messRates['dangling-reference'])) {
    fact.lostVisit = true
    mark(fact, 'dangling-reference')
  }
  const source = sourceAt(fact.home)
  if (showsAlias(fact, source) && random.chance(source.aliasShare)) mark(fact, 'code-system-alias')
  if (fact.type === 'visit' && source.utc && fallsOnNextDay(source.zone, fact.day, fact.minute))
    mark(fact, isoDay(fact.day).endsWith('12-31') ? 'evening-next-year' : 'evening-next-day')
  if (random.chance(messRates['repeated-line'])) mark(fact, 'repeated-line')
}

/** Bookings and allergies do not say at which visit they were written down. */
const namesVisit = (fact: Fact): boolean => fact.type !== 'booking' && fact.type !== 'intolerance'

/** Whether the resource will show a code whose system the source has another URI for. */
function showsAlias(fact: Fact, source: Source): boolean {
  if (fact.type === 'booking' || (fact.type === 'observed' && fact.local === true)) return false
  const code = fact.type === 'visit' ? fact.kind.codes[0] : fact.code
  return code !== undefined && source.aliases[code.system] !== undefined
}
