import type { Person } from '../person.ts'
import type { Random } from '../random.ts'
import { sources } from '../sources.ts'
import { messRates } from './rates.ts'

/** Another person whose record bears somebody's enterprise identifier by mistake. */
export interface Stray {
  readonly person: Person
  readonly kind: 'conflicting-birth-date' | 'conflicting-sex'
}

/** For a few persons, a stray: same identifier and family name, but another birth date or sex. */
export function strayOf(person: Person, random: Random): Stray | undefined {
  const draw = random.next()
  const byBirth = messRates['conflicting-birth-date']
  if (draw >= byBirth + messRates['conflicting-sex']) return undefined
  const elsewhere = [...sources.keys()].filter((home) => !person.homes.includes(home))
  const homes = [elsewhere[0] ?? person.homes[1] ?? 0]
  const key = `${person.key}s`
  if (draw < byBirth)
    return {
      kind: 'conflicting-birth-date',
      person: { ...person, key, homes, given: person.middle, birth: person.birth - random.int(300, 9000) },
    }
  const sex = person.sex === 'female' ? 'male' : 'female'
  return { kind: 'conflicting-sex', person: { ...person, key, homes, given: person.middle, sex } }
}

/** A value typed where the enterprise identifier was not known: many patients of one source bear it. */
export const placeholderId = '999999999'

/** Whether a person's only record bears the placeholder. */
export const bearsPlaceholder = (person: Person): boolean =>
  person.homes.length === 1 && sources[person.homes[0] ?? 0]?.name === 'northgate' && person.index % 19 === 5
