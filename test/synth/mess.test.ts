import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { demoFolder, demoResources, type Json, patientOf, readLines, truePersons } from './demo.ts'

interface MessItem {
  readonly kind: string
  readonly source: string
  readonly resource: string
  readonly person: string
}

const resources = new Map<string, Json>()
const lineCounts = new Map<string, number>()
let mess: MessItem[] = []

beforeAll(() => {
  mess = readLines<MessItem>(join(demoFolder, 'truth', 'mess.ndjson.gz'))
  for (const { source, resource } of demoResources()) {
    const key = `${source}/${String(resource.resourceType)}/${String(resource.id)}`
    resources.set(key, resource)
    lineCounts.set(key, (lineCounts.get(key) ?? 0) + 1)
  }
})

const keyOf = (item: MessItem) => `${item.source}/${item.resource}`
const json = (value: unknown) => JSON.stringify(value) ?? ''
const patient = (source: string, id: string) => resources.get(`${source}/Patient/${id}`) ?? {}
const systemsOf = (resource: Json) => [...json(resource).matchAll(/"system":"([^"]+)"/g)].map((match) => match[1] ?? '')
const dateOf = (resource: Json) => json(resource.onsetDateTime ?? resource.performedDateTime).replaceAll('"', '')
const codesIn = (resource: Json) => [...json(resource.code).matchAll(/"code":"([^"]+)"/g)].map(([, code]) => code)
const startOf = (resource: Json) => (resource.period as { start: string }).start

const aliases =
  /^urn:oid:2\.16\.840\.1\.113883\.6\.(90|1|96|88|285)$|^https:\/\/(loinc\.org|hl7\.org\/fhir\/sid)|research\/umls\/hcpcs$/

/** What happened to whom and when; of procedures, whose old dates may be coarse, without the time. */
function eventOf(person: string, resource: Json): string {
  const concept = (resource.code ?? resource.vaccineCode ?? {}) as { text?: string }
  const moment = resource.effectiveDateTime ?? resource.occurrenceDateTime
  const time = typeof moment === 'string' ? Date.parse(moment) : ''
  return [person, resource.resourceType, concept.text, time].join('|')
}

/** What each kind of disorder looks like in the resource that the truth names. */
const looks: Readonly<Record<string, (resource: Json) => boolean>> = {
  'month-only-date': (one) => /^\d{4}-\d{2}$/.test(dateOf(one)),
  'year-only-date': (one) => /^\d{4}$/.test(dateOf(one)),
  'local-code-only': (one) => !/"http:\/\/loinc\.org"/.test(json(one.code)),
  'code-system-alias': (one) => systemsOf(one).some((system) => aliases.test(system)),
  'wrong-unit': (one) => /"unit":"[^"]+"\}/.test(json(one)),
  'missing-unit': (one) => /Quantity":\{"value":[-\d.]+\}/.test(json(one)),
  'entered-in-error': (one) => json(one).includes('entered-in-error'),
  preliminary: (one) => one.status === 'preliminary',
  'order-without-result': (one) => one.resourceType === 'ServiceRequest' && one.status === 'active',
  'value-as-string': (one) => typeof one.valueString === 'string',
  'value-missing': (one) => one.dataAbsentReason !== undefined && one.valueQuantity === undefined,
  'dangling-reference': (one) => /"Encounter\/\d+-lost"/.test(json(one)),
  'evening-next-day': (one) => /T0\d:/.test(startOf(one)) && startOf(one).endsWith('Z'),
  'evening-next-year': (one) => /^\d{4}-01-01T0\d:.*Z$/.test(startOf(one)),
  'shared-identifier': (one) => json(one).includes('"999999999"'),
  deceased: (one) => one.deceasedDateTime !== undefined || one.deceasedBoolean === true,
  'conflicting-birth-date': (one) => one.resourceType === 'Patient',
  'conflicting-sex': (one) => one.resourceType === 'Patient',
  'duplicate-within-source': (one) => one.id !== undefined,
  'duplicate-across-sources': (one) => one.encounter === undefined,
  'repeated-line': (one) => one.id !== undefined,
}

describe('the mess of reality is where the truth says', () => {
  test.each(Object.keys(looks))('%s', (kind) => {
    const items = mess.filter((item) => item.kind === kind)
    expect(items.length).toBeGreaterThanOrEqual(3)
    const wrong = items.filter((item) => !looks[kind]?.(resources.get(keyOf(item)) ?? {}))
    expect(wrong.map(keyOf)).toEqual([])
  })

  test('there is no kind that is not looked at', () => {
    expect([...new Set(mess.map((item) => item.kind))].filter((kind) => looks[kind] === undefined)).toEqual([])
  })

  test.each([
    ['duplicate-within-source', true],
    ['duplicate-across-sources', false],
  ] as const)('%s: the same event stands elsewhere too', (kind, sameSource) => {
    const personOf = new Map(
      truePersons().flatMap((one) => one.patients.map(({ source, id }) => [`${source}/${id}`, one.person])),
    )
    const holders = new Map<string, string[]>()
    for (const [key, resource] of resources) {
      const source = key.slice(0, key.indexOf('/'))
      const event = eventOf(personOf.get(patientOf({ source, resource }) ?? '') ?? '', resource)
      holders.set(event, [...(holders.get(event) ?? []), key])
    }
    const alone = mess
      .filter((item) => item.kind === kind)
      .filter((item) => {
        const twins = holders.get(eventOf(item.person, resources.get(keyOf(item)) ?? {})) ?? []
        return !twins.some((twin) => twin !== keyOf(item) && twin.startsWith(`${item.source}/`) === sameSource)
      })
    expect(alone.map(keyOf)).toEqual([])
  })

  test('exactly the repeated lines are repeated', () => {
    const repeated = [...lineCounts].filter(([, count]) => count > 1).map(([key]) => key)
    const told = mess.filter((item) => item.kind === 'repeated-line').map(keyOf)
    expect(repeated.sort()).toEqual(told.sort())
  })

  test('nothing came of an order without a result: no such result of that patient within a month', () => {
    const results = new Map<string, Json[]>()
    for (const [key, resource] of resources) {
      if (!/\/(Observation|Procedure|DiagnosticReport)\//.test(key)) continue
      const owner = `${key.slice(0, key.indexOf('/'))} ${json(resource.subject)}`
      results.set(owner, [...(results.get(owner) ?? []), resource])
    }
    const answered = mess
      .filter((item) => item.kind === 'order-without-result')
      .filter((item) => {
        const order = resources.get(keyOf(item)) ?? {}
        const ordered = Date.parse(String(order.authoredOn))
        return (results.get(`${item.source} ${json(order.subject)}`) ?? []).some((one) => {
          const days = (Date.parse(String(one.effectiveDateTime ?? one.performedDateTime)) - ordered) / 86_400_000
          return days >= 0 && days <= 30 && codesIn(one).some((code) => codesIn(order).includes(code))
        })
      })
    expect(answered.map(keyOf)).toEqual([])
  })

  test('no resource names a profile', () => {
    expect([...resources].filter(([, resource]) => json(resource).includes('"profile"'))).toEqual([])
  })

  test('every line of the bundled set is a resource with a type and an id', () => {
    const wrong = [...resources].filter(
      ([, one]) =>
        typeof one.resourceType !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(json(one.id).replaceAll('"', '')),
    )
    expect(wrong).toEqual([])
  })
})

const valueOf = (patient: Json): string | undefined =>
  (patient.identifier as { system: string; value: string }[]).find(
    (one) => one.system === 'urn:oid:2.16.840.1.113883.19.5.100',
  )?.value

describe('persons', () => {
  const persons = truePersons()

  test('the enterprise identifier ties exactly the records of one person, but for the strays', () => {
    for (const { patients, linkable } of persons) {
      const values = new Set(patients.map(({ source, id }) => valueOf(patient(source, id))))
      expect(values.size).toBe(1)
      if (linkable !== false) expect([...values][0]).not.toBe('999999999')
    }
  })

  test('a stray bears the identifier of somebody of another birth date or sex', () => {
    const strays = persons.filter((one) => one.panel === 'stray')
    expect(strays.length).toBeGreaterThanOrEqual(8)
    for (const stray of strays) {
      const owner = persons.find((one) => `${one.person}s` === stray.person)
      expect(owner?.birthDate !== stray.birthDate || owner.sex !== stray.sex).toBe(true)
      const [own, others] = [stray.patients[0], owner?.patients[0]]
      expect(valueOf(patient(own?.source ?? '', own?.id ?? ''))).toBe(
        valueOf(patient(others?.source ?? '', others?.id ?? '')),
      )
    }
  })

  test('the same patient id in two sources is two people for most', () => {
    const holders = new Map<string, Set<string>>()
    for (const { person, patients } of persons)
      for (const { id } of patients) holders.set(id, new Set([...(holders.get(id) ?? []), person]))
    const shared = [...holders.values()].filter((people) => people.size > 1).length
    expect(shared).toBeGreaterThan(300)
  })

  test('a fifth or more are known to two sources, some to three', () => {
    const counts = [1, 2, 3].map((count) => persons.filter((one) => one.patients.length === count).length)
    expect((counts[1] ?? 0) / persons.length).toBeGreaterThan(0.15)
    expect(counts[2]).toBeGreaterThan(20)
  })
})

describe('what belongs together is tied', () => {
  test('every reference leads to a resource of its source, but for the listed ones', () => {
    const listed = new Set(mess.filter((item) => item.kind === 'dangling-reference').map(keyOf))
    const broken: string[] = []
    for (const [key, resource] of resources) {
      const source = key.slice(0, key.indexOf('/'))
      for (const [, reference = ''] of json(resource).matchAll(/"reference":"([^"]+)"/g))
        if (!resources.has(`${source}/${reference}`) && !listed.has(key)) broken.push(`${key} -> ${reference}`)
    }
    expect(broken).toEqual([])
  })

  test.each([
    ['PractitionerRole', ['Practitioner', 'Organization', 'Location']],
    ['Location', ['Organization']],
    ['Coverage', ['Patient', 'Organization']],
    ['Appointment', ['Patient', 'Practitioner', 'Location']],
    ['Encounter', ['Patient', 'Practitioner', 'Organization', 'Location']],
  ])('each %s of every source names its %j', (type, targets) => {
    for (const source of ['lakeside', 'northgate', 'harbor']) {
      const own = [...resources].filter(([key]) => key.startsWith(`${source}/${type}/`))
      expect(own.length, source).toBeGreaterThan(0)
      const loose = own.filter(([, one]) => targets.some((target) => !json(one).includes(`"reference":"${target}/`)))
      expect(loose.map(([key]) => key)).toEqual([])
    }
  })

  test('every clinical resource belongs to a patient of the truth', () => {
    const known = new Set(truePersons().flatMap((one) => one.patients.map(({ source, id }) => `${source}/${id}`)))
    const owners = [...demoResources()].flatMap((sourced) => patientOf(sourced) ?? [])
    expect(owners.length).toBeGreaterThan(40_000)
    expect(owners.filter((owner) => !known.has(owner))).toEqual([])
  })

  test('the roster names every practitioner by a valid NPI, and no other', () => {
    const [header, ...rows] = readFileSync(join(demoFolder, 'roster.csv'), 'utf8').trimEnd().split('\n')
    expect(header).toBe('npi,tin,practice,provider,from,to')
    const rostered = new Set(rows.map((row) => row.split(',')[0]))
    const npis = [...resources.values()]
      .filter((one) => one.resourceType === 'Practitioner')
      .map((one) => (one.identifier as { value: string }[])[0]?.value ?? '')
    expect(new Set(npis)).toEqual(rostered)
    expect(npis.length).toBeGreaterThan(rostered.size)
    for (const npi of npis) expect(luhn(`80840${npi}`)).toBe(true)
  })
})

function luhn(digits: string): boolean {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return sum % 10 === 0
}
