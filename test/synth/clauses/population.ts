import { isDuring, period } from '../evidence.ts'
import type { SetName } from '../value-set-samples.ts'
import { type Clause, clause } from './clause.ts'

const aged = (measures: string, low: number, high: number, at: 'first' | 'last' = 'last'): Clause =>
  clause(measures, `age ${low} to ${high} at the period's ${at} day`, (person) => {
    const age = person.ageAt(period[at])
    return age >= low && age <= high
  })

const visited = (measures: string, set: SetName): Clause =>
  clause(measures, `${set} in the period`, (person) => person.visits(set).some((days) => isDuring(days)))

export const populationClauses: readonly Clause[] = [
  aged('122', 18, 75),
  aged('125', 42, 74),
  aged('125', 42, 51),
  aged('125', 52, 74),
  aged('130', 46, 75),
  aged('130', 46, 49),
  aged('130', 50, 75),
  aged('165', 18, 85),
  aged('2', 12, 200, 'first'),
  aged('2', 12, 16, 'first'),
  aged('2', 17, 17, 'first'),
  aged('2', 18, 200, 'first'),
  aged('122 125 130 165', 66, 200),
  aged('165', 66, 80),
  aged('165', 81, 200),
  clause('125', 'sex is female', (person) => person.sexCode === '248152002'),
  visited('122 125 130 165', 'Office Visit'),
  visited('122 125 130 165', 'Annual Wellness Visit'),
  visited('122 125 130 165', 'Home Healthcare Services'),
  visited('122 125 130 165 2', 'Telephone Visits'),
  visited('125 130 165', 'Virtual Encounter'),
  visited('122', 'Nutrition Services'),
  ...['G0270', 'G0271'].map((code) =>
    clause(
      '122',
      `medical nutrition therapy ${code} in the period`,
      (person) =>
        person.visits('Nutrition Services').some((days) => isDuring(days)) &&
        hasVisitCode(person.of('Encounter'), code),
    ),
  ),
  visited('2', 'Encounter to Screen for Depression'),
  visited('2', 'Physical Therapy Evaluation'),
]

function hasVisitCode(encounters: readonly { resource: unknown }[], code: string): boolean {
  return encounters.some(({ resource }) => JSON.stringify(resource).includes(`"${code}"`))
}
