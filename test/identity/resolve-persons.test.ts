import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { resolvePersons } from '../../src/identity/index.ts'
import { readPatients, type Store, tieSourcePatients } from '../../src/store/index.ts'
import { addSource, openStoreWith, type SourceData } from './fixture.ts'

const mrn = 'urn:test:mrn'
const card = 'urn:test:card'
const setting = { identifierSystems: [mrn, card] }

interface Claim {
  readonly id: string
  readonly born?: string | undefined
  readonly sex?: string | undefined
  readonly mrn?: string
  readonly card?: string
}

const patient = ({ id, born = '1950-03-12', sex = 'female', ...values }: Claim): Resource => ({
  resourceType: 'Patient',
  id,
  ...(born === '' ? {} : { birthDate: born }),
  ...(sex === '' ? {} : { gender: sex }),
  identifier: [
    { system: 'urn:test:unconfigured', value: 'same for all' },
    { value: 'no system' },
    { system: mrn },
    ...(values.mrn === undefined ? [] : [{ system: mrn, value: values.mrn }]),
    ...(values.card === undefined ? [] : [{ system: card, value: values.card }]),
  ],
})

const of = (source: string, ...claims: Claim[]): SourceData => ({ source, resources: claims.map(patient) })

/** The persons as sets of source/patient, each sorted. */
async function persons(store: Store): Promise<string[][]> {
  const rows = await store.session.all<{ members: string[] }>(
    `SELECT list(s.name || '/' || p.patient_id ORDER BY s.name, p.patient_id) AS members
     FROM source_patient p JOIN source s USING (source_id) GROUP BY p.pid`,
  )
  return rows.map((row) => row.members).sort((a, b) => (a.join() < b.join() ? -1 : 1))
}

async function resolved(...data: SourceData[]): Promise<string[][]> {
  const store = await openStoreWith(data)
  await resolvePersons(store.session, setting)
  return persons(store)
}

async function findings(...data: SourceData[]) {
  const store = await openStoreWith(data)
  await resolvePersons(store.session, setting)
  return store.session.all<{ code: string; spids: number[] }>('SELECT code, spids FROM identity_finding ORDER BY ALL')
}

const used = (id: string, use: string): Resource => ({
  ...patient({ id }),
  identifier: [{ system: mrn, value: 'A', use }],
})

describe('who is one person', () => {
  test('equal values of a configured system, over sources and within one', async () => {
    const claims = [of('hill', { id: '1', mrn: 'A' }, { id: '2', mrn: ' A\n' }), of('lake', { id: '1', mrn: 'A' })]
    expect(await resolved(...claims)).toEqual([['hill/1', 'hill/2', 'lake/1']])
  })

  test('values of other systems, of different systems, or without one mean nothing', async () => {
    expect(await resolved(of('hill', { id: '1', mrn: 'A' }), of('lake', { id: '1', card: 'A' }))).toHaveLength(2)
  })

  test('values are case-sensitive, as FHIR has it', async () => {
    expect(await resolved(of('hill', { id: '1', mrn: 'a' }), of('lake', { id: '1', mrn: 'A' }))).toHaveLength(2)
  })

  test('ties reach over others, across systems', async () => {
    const chain = [
      of('hill', { id: '1', mrn: 'A' }, { id: '2', mrn: 'A', card: 'B' }),
      of('lake', { id: '1', card: 'B', mrn: 'C' }, { id: '2', mrn: 'C' }),
    ]
    expect(await resolved(...chain)).toHaveLength(1)
  })

  test('without configured systems everybody is their own person', async () => {
    const store = await openStoreWith([of('hill', { id: '1', mrn: 'A' }, { id: '2', mrn: 'A' })])
    await resolvePersons(store.session, { identifierSystems: [] })
    expect(await persons(store)).toHaveLength(2)
  })

  test('old and temporary identifiers tie nobody', async () => {
    const store = await openStoreWith([
      { source: 'hill', resources: [used('1', 'usual'), used('2', 'old'), used('3', 'temp')] },
    ])
    await resolvePersons(store.session, setting)
    expect(await persons(store)).toHaveLength(3)
  })
})

describe('never against birth date or sex', () => {
  test.each([
    [{ born: '1950-03-13' }, 'identity/birth-date-differs'],
    [{ sex: 'male' }, 'identity/sex-differs'],
    [{ sex: 'other' }, 'identity/sex-differs'],
    [{ born: '1951-03' }, 'identity/birth-date-differs'],
    [{ born: '1950-03' }, 'identity/not-confirmed'],
    [{ born: '1950' }, 'identity/not-confirmed'],
    [{ born: '' }, 'identity/not-confirmed'],
    [{ sex: '' }, 'identity/not-confirmed'],
    [{ sex: 'unknown' }, 'identity/not-confirmed'],
  ])('with %o nobody is merged, and %s is listed', async (other, code) => {
    const claims = [of('hill', { id: '1', mrn: 'A' }), of('lake', { id: '1', mrn: 'A', ...other })]
    expect(await resolved(...claims)).toHaveLength(2)
    expect(await findings(...claims)).toEqual([{ code, spids: [1, 2] }])
  })

  test('two that both lack a birth date are not confirmed by that', async () => {
    expect(await resolved(of('hill', { id: '1', mrn: 'A', born: '' }, { id: '2', mrn: 'A', born: '' }))).toHaveLength(2)
  })

  test('one who conflicts is left out, and ties nobody through itself', async () => {
    const claims = [
      of('hill', { id: '1', mrn: 'A' }, { id: '2', mrn: 'A', card: 'B', born: '1960-01-01' }),
      of('lake', { id: '1', mrn: 'A' }, { id: '2', card: 'B' }),
    ]
    expect(await resolved(...claims)).toEqual([['hill/1', 'lake/1'], ['hill/2'], ['lake/2']])
  })
})

const many = (count: number) => of('hill', ...Array.from({ length: count }, (_, n) => ({ id: String(n), mrn: '000' })))

describe('values that too many bear', () => {
  test('three in one source are one person', async () => {
    expect(await resolved(many(3), of('lake', { id: '1', mrn: '000' }))).toHaveLength(1)
  })

  test('four in one source: the value ties nobody in any source, and is listed', async () => {
    const claims = [many(4), of('lake', { id: '1', mrn: '000' })]
    expect(await resolved(...claims)).toHaveLength(5)
    expect(await findings(...claims)).toEqual([{ code: 'identity/identifier-shared', spids: [1, 2, 3, 4] }])
  })
})

test('a patient without a Patient is a person of its own, and listed', async () => {
  const store = await openStoreWith([{ ...of('hill', { id: '1' }), dangling: ['2'] }])
  await resolvePersons(store.session, setting)
  expect(await persons(store)).toHaveLength(2)
  expect(await store.session.all('SELECT * FROM person ORDER BY pid')).toMatchObject([
    { pid: 1, birth_date: '1950-03-12', sex: 'female', deceased: false, sources: 1 },
    { pid: 2, birth_date: null, sex: null, deceased: false, name: null, sources: 1 },
  ])
  expect(await store.session.all('SELECT code, spids FROM identity_finding')).toEqual([
    { code: 'identity/patient-missing', spids: [2] },
  ])
})

test('malformed identifiers and names tie nobody and break nothing', async () => {
  const malformed = [
    { identifier: { system: mrn, value: 'A' }, name: 'Jane' },
    { identifier: [7, { system: mrn, value: 7 }], name: [{ given: 'x' }] },
  ]
  const store = await openStoreWith([
    {
      source: 'hill',
      resources: [
        patient({ id: '1', mrn: 'A' }),
        ...malformed.map((more, n) => ({ ...patient({ id: `m${n}` }), ...more })),
      ],
    },
  ])
  await resolvePersons(store.session, setting)
  expect(await persons(store)).toHaveLength(3)
})

test('findings name no value', async () => {
  const store = await openStoreWith([of('hill', { id: '1', mrn: 'SECRET' }, { id: '2', mrn: 'SECRET', sex: 'male' })])
  await resolvePersons(store.session, setting)
  expect(JSON.stringify(await store.session.all('SELECT * FROM identity_finding'))).not.toContain('SECRET')
})

const version = (id: string, lastUpdated: string, more: object): Resource => ({
  ...patient({ id, mrn: 'A' }),
  meta: { lastUpdated },
  ...more,
})

test('the person says what the newest version says, and is dead if any says so', async () => {
  const store = await openStoreWith([
    {
      source: 'hill',
      resources: [version('1', '2024-05-01T00:00:00Z', { deceasedDateTime: '2024-01-01', name: [{ family: 'Old' }] })],
    },
    {
      source: 'lake',
      resources: [
        version('1', '2024-05-02T00:00:00Z', {
          deceasedBoolean: false,
          name: [
            { family: 'Maiden', use: 'old' },
            { family: 'Roe', given: ['Jane', 'Ann'], use: 'official' },
          ],
        }),
      ],
    },
  ])
  await resolvePersons(store.session, setting)
  expect(await store.session.all('SELECT * FROM person')).toEqual([
    { pid: 1, birth_date: '1950-03-12', sex: 'female', deceased: true, name: 'Jane Ann Roe', sources: 2 },
  ])
})

test('a long chain of ties is one person, found in few rounds', async () => {
  const length = 500
  // 7 and 500 have no common factor, so the places in the chain are all taken, in no order.
  const places = Array.from({ length }, (_, n) => (n * 7 + 3) % length)
  const resources = places.map(
    (place): Resource => ({
      ...patient({ id: `p${place}` }),
      identifier: [
        { system: mrn, value: String(place) },
        { system: mrn, value: String(place + 1) },
      ],
    }),
  )
  const { session } = await openStoreWith([{ source: 'hill', resources }])
  const ties = { systems: [mrn], mostBearers: 3 }
  expect(await readPatients(session, ties)).toBe(true)
  expect(await tieSourcePatients(session, ties)).toBeLessThan(20)
  expect(await resolvePersons(session, setting)).toMatchObject({ sourcePatients: length, persons: 1 })
})

describe('resolving again', () => {
  test('changes nothing where nothing changed', async () => {
    const store = await openStoreWith([of('hill', { id: '1', mrn: 'A' }), of('lake', { id: '1', mrn: 'A' })])
    const first = await resolvePersons(store.session, setting)
    expect(first).toMatchObject({ sourcePatients: 2, persons: 1, created: [1], changed: [1], merged: [], split: [] })
    const before = await store.session.all('SELECT * FROM person')
    const second = await resolvePersons(store.session, setting)
    expect(second).toMatchObject({ persons: 1, created: [], changed: [], merged: [], split: [], gone: [] })
    expect(await store.session.all('SELECT * FROM person')).toEqual(before)
  })

  test('a newcomer joins the person that stands; one that ties two merges them under the lowest pid', async () => {
    const store = await openStoreWith([of('hill', { id: '1', mrn: 'A' }, { id: '2', mrn: 'B' })])
    await resolvePersons(store.session, setting)
    await addSource(store, of('lake', { id: '1', mrn: 'B' }))
    expect(await resolvePersons(store.session, setting)).toMatchObject({ changed: [2], created: [], merged: [] })
    await addSource(store, of('moor', { id: '1', mrn: 'A', card: 'C' }, { id: '2', mrn: 'B', card: 'C' }))
    expect(await resolvePersons(store.session, setting)).toMatchObject({
      merged: [1],
      changed: [1],
      gone: [2],
      persons: 1,
    })
  })

  test('where the tie is gone the person splits, and the lowest keeps the pid', async () => {
    const store = await openStoreWith([of('hill', { id: '1', mrn: 'A' }), of('lake', { id: '1', mrn: 'A' })])
    await resolvePersons(store.session, setting)
    expect(await resolvePersons(store.session, { identifierSystems: [card] })).toMatchObject({
      split: [1],
      changed: [1, 2],
      gone: [],
      persons: 2,
    })
  })
})

/** The rule in a few lines of its own: tie pairs, then follow ties. */
function expectedPersons(claims: readonly (Claim & { source: string })[]): string[][] {
  const bearers = (system: 'mrn' | 'card', value: string, source: string) =>
    claims.filter((claim) => claim[system] === value && claim.source === source).length
  const ignored = (system: 'mrn' | 'card', value: string) =>
    ['hill', 'lake'].some((source) => bearers(system, value, source) > 3)
  const tied = (a: Claim, b: Claim) =>
    a.born === b.born &&
    a.sex === b.sex &&
    (['mrn', 'card'] as const).some((system) => {
      const value = a[system]
      return value !== undefined && value === b[system] && !ignored(system, value)
    })
  const groups: (Claim & { source: string })[][] = []
  for (const claim of claims) {
    const near = groups.filter((group) => group.some((other) => tied(claim, other)))
    for (const group of near) groups.splice(groups.indexOf(group), 1)
    groups.push([claim, ...near.flat()])
  }
  return groups
    .map((group) => group.map((claim) => `${claim.source}/${claim.id}`).sort())
    .sort((a, b) => (a.join() < b.join() ? -1 : 1))
}

test('any people, in any order of loading, give the same persons as the rule written plainly', async () => {
  const letter = fc.constantFrom('A', 'B', 'C', 'D')
  const claim = fc.record(
    {
      source: fc.constantFrom('hill', 'lake'),
      born: fc.constantFrom('1950-03-12', '1950-03-12', '1960-01-01'),
      sex: fc.constantFrom('female', 'female', 'male'),
      mrn: letter,
      card: letter,
    },
    { requiredKeys: ['source', 'born', 'sex'] },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(claim, { maxLength: 12 }), fc.boolean(), async (drawn, turned) => {
      const claims = drawn.map((one, index) => ({ ...one, id: `p${index}` }))
      const order = turned ? claims.toReversed() : claims
      const sources = (turned ? ['lake', 'hill'] : ['hill', 'lake']).map((source) =>
        of(source, ...order.filter((one) => one.source === source)),
      )
      expect(await resolved(...sources)).toEqual(expectedPersons(claims))
    }),
    { numRuns: 25 },
  )
})
