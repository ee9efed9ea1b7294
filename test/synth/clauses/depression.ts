import type { Json } from '../demo.ts'
import { type Days, daysOf, type Evidence, isCode, isDuring, isIn, type Observation, periodOf } from '../evidence.ts'
import type { SetName } from '../value-set-samples.ts'
import { type Clause, clause } from './clause.ts'

const questionnaires = { adolescent: '73831-0', adult: '73832-8' } as const
type Who = keyof typeof questionnaires

const occasions = ['Encounter to Screen for Depression', 'Physical Therapy Evaluation', 'Telephone Visits'] as const

const visitsOf = (person: Evidence): Days[] =>
  occasions.flatMap((set) => person.visits(set)).filter((days) => isDuring(days))

const dayNumber = (day: string): number => Date.parse(day) / 86_400_000

/** Up to 14 days before the day of a visit that counts, or on it. */
const isNearVisit = (person: Evidence, day: string): boolean =>
  visitsOf(person).some((visit) => {
    const ahead = dayNumber(visit.first) - dayNumber(day)
    return ahead >= 0 && ahead <= 14
  })

function lastScreen(person: Evidence, who: Who): Observation | undefined {
  return person
    .observations((one) => isCode(one.code, questionnaires[who]) && one.valueCodeableConcept !== undefined)
    .filter(({ days }) => isNearVisit(person, days.first))
    .sort((a, b) => (a.days.first < b.days.first ? 1 : -1))[0]
}

const lastAnswer = (who: Who, code: string) => (person: Evidence) =>
  isCode(lastScreen(person, who)?.resource.valueCodeableConcept, code)

const isPositive = (who: Who) => lastAnswer(who, '428181000124104')

const sets: Readonly<Record<Who, Readonly<Record<'medication' | 'referral' | 'procedure', SetName>>>> = {
  adolescent: {
    medication: 'Adolescent Depression Medications',
    referral: 'Referral for Adolescent Depression',
    procedure: 'Follow Up for Adolescent Depression',
  },
  adult: {
    medication: 'Adult Depression Medications',
    referral: 'Referral for Adult Depression',
    procedure: 'Follow Up for Adult Depression',
  },
}

const atVisit = (person: Evidence, days: Days | undefined): boolean =>
  days !== undefined && visitsOf(person).some((visit) => visit.first <= days.first && days.first <= visit.last)

/** After a visit by two days at most. */
const soonAfter = (person: Evidence, days: Days | undefined): boolean =>
  days !== undefined &&
  visitsOf(person).some((visit) => {
    const after = dayNumber(days.first) - dayNumber(visit.last)
    return after >= 0 && after <= 2
  })

const followed = (who: Who): Clause[] => [
  clause(
    '2',
    `${who}: positive, medication`,
    (person) =>
      isPositive(who)(person) &&
      person.of('MedicationRequest').some(({ source, resource }) => {
        const { validityPeriod } = (resource.dispenseRequest ?? {}) as Json
        const lasts = periodOf(source, validityPeriod)
        const given =
          resource.doNotPerform !== true &&
          isIn(resource.medicationCodeableConcept, sets[who].medication) &&
          ['active', 'completed'].includes(String(resource.status))
        return given && lasts !== undefined && soonAfter(person, daysOf(source, resource.authoredOn))
      }),
  ),
  clause(
    '2',
    `${who}: positive, referral`,
    (person) =>
      isPositive(who)(person) &&
      person
        .of('ServiceRequest')
        .some(
          ({ source, resource }) =>
            resource.doNotPerform !== true &&
            isIn(resource.code, sets[who].referral) &&
            soonAfter(person, daysOf(source, resource.authoredOn)),
        ),
  ),
  clause(
    '2',
    `${who}: positive, follow-up procedure`,
    (person) => isPositive(who)(person) && person.procedures(sets[who].procedure).some((days) => atVisit(person, days)),
  ),
]

const reasonOf = (resource: Json): unknown =>
  ((resource.extension ?? []) as { url: string; valueCodeableConcept?: Json }[]).find((one) =>
    one.url.endsWith('qicore-notDoneReason'),
  )?.valueCodeableConcept

const notDone = (who: Who, says: string, accepts: (reason: unknown) => boolean): Clause =>
  clause('2', `${who}: not screened, ${says}`, (person) =>
    person.of('Observation').some(({ source, resource }) => {
      const cancelled = resource.status === 'cancelled' && isCode(resource.code, questionnaires[who])
      return cancelled && accepts(reasonOf(resource)) && atVisit(person, daysOf(source, resource.issued))
    }),
  )

const of = (who: Who): Clause[] => [
  clause('2', `${who}: screened`, (person) => lastScreen(person, who) !== undefined),
  clause('2', `${who}: last screening negative`, lastAnswer(who, '428171000124102')),
  clause('2', `${who}: last screening positive`, isPositive(who)),
  ...followed(who),
  notDone(who, 'declined', (reason) => isCode(reason, '720834000')),
  notDone(who, 'for a medical reason', (reason) => isIn(reason, 'Medical Reason')),
]

export const depressionClauses: readonly Clause[] = [
  clause('2', 'bipolar disorder known before a visit', (person) =>
    person.conditions('Bipolar Disorder').some((days) => visitsOf(person).some((visit) => days.first < visit.first)),
  ),
  ...of('adolescent'),
  ...of('adult'),
]
