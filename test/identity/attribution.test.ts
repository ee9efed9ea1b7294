import { describe, expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { deriveAttribution, resolvePersons } from '../../src/identity/index.ts'
import { type RosterRow, replaceRoster } from '../../src/store/index.ts'
import { openStoreWith, type SourceData } from './fixture.ts'

const roe = '1234567893'
const doe = '2000000002'
const npi = 'http://hl7.org/fhir/sid/us-npi'
const tin = 'urn:oid:2.16.840.1.113883.4.4'

const patient: Resource = { resourceType: 'Patient', id: 'p' }
const practitioner: Resource = {
  resourceType: 'Practitioner',
  id: 'roe',
  identifier: [
    { system: 'local', value: '7' },
    { system: npi, value: roe },
  ],
  name: [{ family: 'Roe', given: ['Jane'] }],
}
const lake: Resource = {
  resourceType: 'Organization',
  id: 'lake',
  name: 'Lake',
  identifier: [{ system: tin, value: '11-1111111' }],
}
const shore: Resource = { resourceType: 'Organization', id: 'shore', name: 'Shore' }
const role: Resource = {
  resourceType: 'PractitionerRole',
  id: 'role',
  practitioner: { reference: 'Practitioner/roe' },
  organization: { reference: 'Organization/lake' },
}

let serial = 0
/** A finished visit of patient p on a day, to whom and where. */
const visit = (
  start: string | undefined,
  individual: object | undefined,
  place?: string,
  more: object = {},
): Resource => ({
  resourceType: 'Encounter',
  id: `e${++serial}`,
  status: 'finished',
  subject: { reference: 'Patient/p' },
  ...(start === undefined ? {} : { period: { start } }),
  ...(individual === undefined ? {} : { participant: [{ individual }] }),
  ...(place === undefined ? {} : { serviceProvider: { reference: place } }),
  ...more,
})
const toRoe = { reference: 'Practitioner/roe' }

const onRoster = (row: Partial<RosterRow>): RosterRow => ({
  npi: roe,
  tin: '111111111',
  practice: 'Lake Family Medicine',
  provider: 'Dr. Jane Roe',
  from: null,
  to: null,
  ...row,
})

async function attribution(
  encounters: readonly Resource[],
  roster: readonly RosterRow[] = [],
  more: Partial<SourceData> = {},
) {
  const resources = [patient, practitioner, lake, shore, role, ...encounters]
  const { session } = await openStoreWith([{ source: 'a', ...more, resources }])
  await resolvePersons(session, { identifierSystems: [] })
  await replaceRoster(session, roster)
  const attributed = await deriveAttribution(session)
  const rows = await session.all<Record<string, unknown>>(
    'SELECT npi, provider_name, tin, practice, visits, last_visit FROM attribution ORDER BY ALL',
  )
  return { attributed, rows, session }
}

describe('without a roster', () => {
  test.each([
    ['by id', toRoe],
    ['by version', { reference: 'Practitioner/roe/_history/3' }],
    ['below the base URL', { reference: 'https://a.example/fhir/Practitioner/roe' }],
    ['through a role', { reference: 'PractitionerRole/role' }],
    ['by a search', { reference: 'Practitioner?identifier=local|7' }],
  ])('the provider is found %s', async (_, individual) => {
    const { rows } = await attribution([visit('2024-05-01', individual, 'Organization/lake')], [], {
      base: 'https://a.example/fhir',
    })
    expect(rows).toEqual([
      { npi: roe, provider_name: 'Jane Roe', tin: '111111111', practice: 'Lake', visits: 1, last_visit: '2024-05-01' },
    ])
  })

  test.each([
    ['by identifier alone', { identifier: { system: npi, value: doe } }],
    ['by a search for an NPI', { reference: `Practitioner?identifier=${npi}|${doe}` }],
  ])('a provider whose Practitioner is missing is found %s', async (_, individual) => {
    const { rows } = await attribution([visit('2024-05-01', individual)])
    expect(rows).toMatchObject([{ npi: doe, provider_name: null, practice: null }])
  })

  test('the role says the place where the visit does not', async () => {
    const { rows } = await attribution([visit('2024-05-01', { reference: 'PractitionerRole/role' })])
    expect(rows).toMatchObject([{ practice: 'Lake', tin: '111111111' }])
  })

  test('visits are counted, each once, with the last day', async () => {
    const twice = { participant: [{ individual: toRoe }, { individual: toRoe }] }
    const { rows } = await attribution([
      visit('2024-05-01', toRoe),
      visit('2024-07-01', toRoe, undefined, twice),
      visit('2024-06-01', toRoe),
    ])
    expect(rows).toMatchObject([{ npi: roe, visits: 3, last_visit: '2024-07-01' }])
  })

  test('a visit without a provider counts for its place; one with neither for nobody', async () => {
    const { rows, attributed } = await attribution([
      visit('2024-05-01', undefined, 'Organization/shore'),
      visit('2024-05-02', undefined),
      visit('2024-05-03', { reference: 'RelatedPerson/mother' }),
      visit('2024-05-04', { reference: 'Practitioner/gone' }),
    ])
    expect(rows).toMatchObject([{ npi: null, practice: 'Shore', visits: 1 }])
    expect(attributed).toBe(1)
  })

  test.each(['planned', 'cancelled', 'entered-in-error'])('a visit that is %s does not count', async (status) => {
    const { rows, attributed } = await attribution([visit('2024-05-01', toRoe, undefined, { status })])
    expect(rows).toEqual([])
    expect(attributed).toBe(0)
  })
})

describe('with a roster', () => {
  const from2025 = [onRoster({ from: '2025-01-01' })]

  test.each([
    ['2024-12-31', null],
    ['2025-01-01', 'Lake Family Medicine'],
    ['2025', 'Lake Family Medicine'],
    ['2024-12-31T20:00:00-05:00', null],
    ['2025-01-01T03:00:00Z', null],
    ['2025-01-01T07:00:00Z', 'Lake Family Medicine'],
  ])('a visit of %s in New York falls to %s', async (start, practice) => {
    const { rows } = await attribution([visit(start, toRoe)], from2025, { timeZone: 'America/New_York' })
    expect(rows.map((row) => row['practice'])).toEqual([practice])
  })

  test('the roster names provider and practice', async () => {
    const { rows } = await attribution([visit('2024-05-01', toRoe, 'Organization/lake')], [onRoster({})])
    expect(rows).toMatchObject([
      { npi: roe, provider_name: 'Dr. Jane Roe', tin: '111111111', practice: 'Lake Family Medicine' },
    ])
  })

  test.each([
    ['the place has the TIN of one', 'Organization/lake', 'Lake Family Medicine', '111111111'],
    ['the place has the name of one', 'Organization/shore', 'Shore', '222222222'],
    ['nothing tells which', undefined, null, null],
  ])('of two practices at a time, where %s', async (_, place, practice, expectedTin) => {
    const both = [onRoster({}), onRoster({ tin: '222222222', practice: 'Shore' })]
    const { rows } = await attribution([visit('2024-05-01', toRoe, place)], both)
    expect(rows).toMatchObject([{ npi: roe, practice, tin: expectedTin }])
  })

  test('a place with another TIN than the roster has is not the roster practice', async () => {
    const { rows } = await attribution(
      [visit('2024-05-01', toRoe, 'Organization/lake')],
      [onRoster({ tin: '222222222' })],
    )
    expect(rows).toMatchObject([{ practice: 'Lake', tin: '111111111' }])
  })

  test('a visit without a day falls only to a row without dates', async () => {
    const { rows } = await attribution([visit(undefined, toRoe)], from2025)
    expect(rows).toMatchObject([{ practice: null, last_visit: null }])
    expect((await attribution([visit(undefined, toRoe)], [onRoster({})])).rows).toMatchObject([{ tin: '111111111' }])
  })
})

test('deriving again gives the same', async () => {
  const { rows, session } = await attribution([visit('2024-05-01', toRoe, 'Organization/lake')])
  await deriveAttribution(session)
  expect(
    await session.all('SELECT npi, provider_name, tin, practice, visits, last_visit FROM attribution ORDER BY ALL'),
  ).toEqual(rows)
})
