import { ageOn, type Day, dayOf } from './calendar.ts'
import { familyNames, femaleNames, maleNames, streets } from './names.ts'
import { normalShare, type Random } from './random.ts'
import { sources } from './sources.ts'

export type Sex = 'female' | 'male'

export interface Race {
  readonly code: string
  readonly display: string
}

/** What a person is born with or carries through the years, before any clinical event. */
export interface Person {
  /** Place in the population, from 0. */
  readonly index: number
  readonly key: string
  readonly enterpriseId: string
  readonly birth: Day
  readonly sex: Sex
  readonly given: string
  readonly middle: string
  readonly family: string
  readonly race: Race
  readonly hispanic: boolean
  readonly language: string
  readonly street: string
  readonly phone: string
  /** Indexes of the sources that know the person, the usual one first. */
  readonly homes: readonly number[]
  /** Uniform in [0, 1): the smaller, the earlier in life the disease. They share a common cause. */
  readonly liability: { readonly diabetes: number; readonly hypertension: number }
  /** Uniform in [0, 1): how readily the person comes and takes up what is offered. */
  readonly engagement: number
}

const races: readonly (readonly [Race, number])[] = [
  [{ code: '2106-3', display: 'White' }, 66],
  [{ code: '2054-5', display: 'Black or African American' }, 15],
  [{ code: '2028-9', display: 'Asian' }, 8],
  [{ code: '1002-5', display: 'American Indian or Alaska Native' }, 2],
  [{ code: '2076-8', display: 'Native Hawaiian or Other Pacific Islander' }, 1],
  [{ code: 'UNK', display: 'Unknown' }, 8],
]

/** Shares of a primary-care panel by age at the end of the main period. */
const ages: readonly (readonly [readonly [number, number], number])[] = [
  [[2, 11], 5],
  [[12, 17], 9],
  [[18, 29], 14],
  [[30, 44], 20],
  [[45, 64], 29],
  [[65, 74], 13],
  [[75, 84], 7],
  [[85, 94], 3],
]

/** Bounds that a clinical focus sets on who may have it. */
export interface Bounds {
  readonly ages?: readonly [number, number]
  readonly sex?: Sex
  /** Diseases that the person has for certain, from early adult life on. */
  readonly ill?: readonly ('diabetes' | 'hypertension')[]
}

const endOfPeriod = dayOf(2026, 12, 31)

/** The person at an index: a function of the random stream alone. */
export function createPerson(index: number, random: Random, bounds: Bounds = {}): Person {
  const sex = bounds.sex ?? (random.chance(0.53) ? 'female' : 'male')
  const [low, high] = bounds.ages ?? random.weighted(ages)
  const birth = birthOfAge(random.int(low, high), random)
  const cause = random.normal()
  return {
    index,
    key: `p${String(index + 1).padStart(7, '0')}`,
    enterpriseId: String(700000000 + index * 7 + 3),
    birth,
    sex,
    given: random.pick(sex === 'female' ? femaleNames : maleNames),
    middle: random.pick(sex === 'female' ? femaleNames : maleNames),
    family: random.pick(familyNames),
    race: random.weighted(races),
    hispanic: random.chance(0.19),
    language: random.weighted([
      ['en', 82],
      ['es', 13],
      ['vi', 2],
      ['zh', 3],
    ]),
    street: `${random.int(1, 980)} ${random.pick(streets)} ${random.pick(['Street', 'Avenue', 'Lane', 'Road'])}`,
    phone: `555-01${String(random.int(0, 99)).padStart(2, '0')}`,
    homes: homesOf(random),
    liability: {
      diabetes: bounds.ill?.includes('diabetes') === true ? early : liability(cause, 0.6, random),
      hypertension: bounds.ill?.includes('hypertension') === true ? early : liability(cause, 0.6, random),
    },
    engagement: random.next(),
  }
}

/** A birth day of somebody who has the given age at the end of the main period. */
function birthOfAge(age: number, random: Random): Day {
  const latest = dayOf(2026 - age, 12, 31)
  const birth = latest - random.int(0, 364)
  return ageOn(birth, endOfPeriod) === age ? birth : latest
}

/** The liability of somebody who falls ill at about 40 (diabetes) or 20 (hypertension). */
const early = 0.05

/** A uniform number tied to a common cause: correlated liabilities with exact marginal shares. */
function liability(cause: number, weight: number, random: Random): number {
  return normalShare(weight * cause + Math.sqrt(1 - weight * weight) * random.normal())
}

function homesOf(random: Random): readonly number[] {
  const order = [...sources.keys()]
  const first = random.weighted(order.map((index) => [index, sources[index]?.share ?? 0] as const))
  const others = order.filter((index) => index !== first)
  if (random.chance(0.5)) others.reverse()
  const draw = random.next()
  return [first, ...others.slice(0, draw < 0.05 ? 2 : draw < 0.26 ? 1 : 0)]
}

/** Age in whole years at the end of a calendar year. */
export const ageAtEndOf = (person: Person, year: number): number => ageOn(person.birth, dayOf(year, 12, 31))
