import { expect, test } from 'vitest'
import type { Resource } from '../../src/fhir/index.ts'
import { recordFromResources } from '../../src/identity/index.ts'
import { resourceKey } from '../../src/identity/resource-key.ts'

const patient: Resource = { resourceType: 'Patient', id: '7', birthDate: '1950-03-12' }

const observation = (id: string, reference: string): Resource => ({
  resourceType: 'Observation',
  id,
  subject: { reference },
  encounter: { reference: 'Encounter/e1' },
  hasMember: [{ reference: 'Observation/other/_history/3' }, { reference: '#inside' }, { reference: 'urn:uuid:x' }],
  contained: [
    { resourceType: 'Practitioner', id: 'inside', extension: [{ valueReference: { reference: 'Organization/o.1' } }] },
  ],
})

/** A resource as the store gives it. */
const line = (source: string, resource: Resource) => ({
  rid: String(resourceKey(source, resource.resourceType, resource.id ?? '')),
  source,
  type: resource.resourceType,
  id: resource.id ?? '',
  raw: JSON.stringify(resource),
})

test('ids and local references are qualified by source, deep inside too; others stay', () => {
  const result = recordFromResources('lakeside', [observation('1', 'Patient/7'), patient])
  expect(result).toEqual({
    ok: true,
    diagnostics: [],
    value: {
      pid: 0,
      patient: { ...patient, id: 'lakeside.7' },
      entries: [
        {
          rid: String(resourceKey('lakeside', 'Observation', '1')),
          source: 'lakeside',
          type: 'Observation',
          id: '1',
          resource: {
            resourceType: 'Observation',
            id: 'lakeside.1',
            subject: { reference: 'Patient/lakeside.7' },
            encounter: { reference: 'Encounter/lakeside.e1' },
            hasMember: [
              { reference: 'Observation/lakeside.other' },
              { reference: '#inside' },
              { reference: 'urn:uuid:x' },
            ],
            contained: [
              {
                resourceType: 'Practitioner',
                id: 'inside',
                extension: [{ valueReference: { reference: 'Organization/lakeside.o.1' } }],
              },
            ],
          },
        },
        {
          rid: String(resourceKey('lakeside', 'Patient', '7')),
          source: 'lakeside',
          type: 'Patient',
          id: '7',
          resource: { ...patient, id: 'lakeside.7' },
        },
      ],
    },
  })
})

test('what the caller handed in stays as it was, and order and repetition of it change nothing', () => {
  const given = [observation('2', 'Patient/7'), patient, observation('1', 'Patient/7')]
  const before = structuredClone(given)
  const once = recordFromResources('lakeside', given)
  expect(given).toEqual(before)
  expect(recordFromResources('lakeside', [...given, ...given].reverse())).toEqual(once)
})

test.each([
  ['Patient/8', false],
  ['Group/7', false],
  ['#p', false],
  ['https://ehr.example/fhir/Patient/8', false],
  ['https://ehr.example/fhir/Patient/7', true],
  ['https://other.example/fhir/Patient/7', false],
  ['Patient/7/_history/2', true],
])('a resource about %s: taken is %s', (reference, taken) => {
  const result = recordFromResources('lakeside', [patient, observation('1', reference)], {
    base: 'https://ehr.example/fhir/',
  })
  expect(result.ok).toBe(taken)
  if (!result.ok) expect(result.diagnostics.map((one) => one.place?.resource)).toEqual(['Observation/1'])
})

const appointment = (...references: string[]): Resource => ({
  resourceType: 'Appointment',
  id: 'a',
  participant: references.map((reference) => ({ actor: { reference } })),
})

const take = (...references: string[]) => recordFromResources('lakeside', [patient, appointment(...references)]).ok

test('an appointment is refused where its only patient is another, and taken with several participants', () => {
  expect(take('Practitioner/1', 'Patient/7')).toBe(true)
  expect(take('Practitioner/1')).toBe(true)
  expect(take('Practitioner/1', 'Patient/8')).toBe(false)
})

test.each([[[]], [[patient, { ...patient, id: '8' }]], [[{ resourceType: 'Patient' }]]])(
  'exactly one Patient with an id: %o is refused',
  (resources) => {
    const result = recordFromResources('lakeside', resources)
    expect(result.diagnostics.map((one) => one.code)).toEqual(['identity/not-one-patient'])
  },
)

test('with what is stored of other sources it is one record: one Patient that all lead to, and of each resource the one sent', () => {
  const stored = {
    pid: 12,
    members: [
      { source: 'lakeside', patientId: '7' },
      { source: 'northgate', patientId: 'n7' },
    ],
    rows: [
      line('lakeside', { ...patient, birthDate: '1950-03-13', meta: { lastUpdated: '2026-01-01T00:00:00Z' } }),
      line('northgate', { resourceType: 'Patient', id: 'n7', birthDate: '1950-03-12', deceasedBoolean: true }),
      line('lakeside', observation('1', 'Patient/7')),
      line('lakeside', observation('2', 'https://old.example/Patient/7')),
      line('northgate', observation('1', 'Patient/n7')),
    ],
    bases: new Map([['lakeside', 'https://old.example/']]),
  }
  const sent = { ...observation('1', 'https://ehr.example/Patient/7'), status: 'amended' }
  const result = recordFromResources('lakeside', [patient, sent], { base: 'https://ehr.example/', stored })
  if (!result.ok) throw new RangeError(result.diagnostics[0]?.message)
  const { pid, patient: merged, entries } = result.value
  expect(pid).toBe(0)
  expect(merged).toMatchObject({ birthDate: '1950-03-12', deceasedBoolean: true })
  const observations = entries.filter(({ type }) => type === 'Observation')
  const told = observations.map(({ source, id, resource }) => `${source} ${id} ${String(resource['status'])}`)
  expect(new Set(told)).toEqual(new Set(['lakeside 1 amended', 'lakeside 2 undefined', 'northgate 1 undefined']))
  expect(new Set(observations.map(({ resource }) => JSON.stringify(resource['subject'])))).toEqual(
    new Set([JSON.stringify({ reference: `Patient/${merged.id}` })]),
  )
  expect(entries.filter(({ type }) => type === 'Patient').map(({ resource }) => resource)).toEqual([merged])
  const keys = entries.map(({ rid }) => BigInt(rid))
  expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)))
})
