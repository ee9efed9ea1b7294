import { beforeAll, describe, expect, test } from 'vitest'
import { demoResources, patientOf, type Sourced, truePersons } from './demo.ts'
import { Evidence } from './evidence.ts'
import { leafClauses } from './leaf-clauses.ts'

const enough = 20

/** The bundled records of every person, all sources together. */
function gather(): Evidence[] {
  const personOf = new Map(
    truePersons().flatMap((one) => one.patients.map(({ source, id }) => [`${source}/${id}`, one.person])),
  )
  const records = new Map<string, Sourced[]>()
  for (const sourced of demoResources()) {
    const person = personOf.get(patientOf(sourced) ?? '')
    if (person === undefined) continue
    const record = records.get(person)
    if (record === undefined) records.set(person, [sourced])
    else record.push(sourced)
  }
  return [...records.values()].map((resources) => new Evidence(resources))
}

describe('each leaf clause of the APP Plus measures splits the bundled population', () => {
  let people: Evidence[] = []
  beforeAll(() => {
    people = gather()
  })

  test.each(leafClauses.map((clause) => [`${clause.measures}: ${clause.says}`, clause] as const))('%s', (_, clause) => {
    const holding = people.filter(clause.holds).length
    expect(holding).toBeGreaterThanOrEqual(enough)
    expect(people.length - holding).toBeGreaterThanOrEqual(enough)
  })
})
