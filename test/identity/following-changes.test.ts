import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Config, defaultConfig, silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { deriveAttribution, resolvePersons } from '../../src/identity/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { type RosterRow, replaceRoster, type Store } from '../../src/store/index.ts'
import { newFolder, newStore, write } from '../ingest/written-export.ts'

const member = 'https://aco.example/member'
const npi = 'http://hl7.org/fhir/sid/us-npi'
const tin = 'urn:oid:2.16.840.1.113883.4.4'
const config: Config = { ...defaultConfig, identity: { identifierSystems: [member] } }

const patientId = fc.constantFrom('a', 'b', 'c')
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const patient = fc
  .record({
    id: patientId,
    value: fc.constantFrom('A', 'A', 'B', undefined),
    born: fc.constantFrom('1950-03-12', '1950-03-12', '1950-03-12', '1960-01-01'),
  })
  .map(
    ({ id, value, born }): Resource => ({
      resourceType: 'Patient',
      id,
      birthDate: born,
      gender: 'female',
      ...(value === undefined ? {} : { identifier: [{ system: member, value }] }),
    }),
  )
const practitioner = fc
  .record({
    id: fc.constantFrom('p', 'q'),
    number: some(fc.constantFrom('1234567893', '2000000002')),
    family: fc.constantFrom('Roe', 'Doe'),
  })
  .map(
    ({ id, number, family }): Resource => ({
      resourceType: 'Practitioner',
      id,
      name: [{ family }],
      identifier: [{ system: 'local', value: '7' }, ...(number === undefined ? [] : [{ system: npi, value: number }])],
    }),
  )
const organization = fc
  .record({ id: fc.constantFrom('lake', 'hill'), value: some(fc.constantFrom('111111111', '222222222')) })
  .map(
    ({ id, value }): Resource => ({
      resourceType: 'Organization',
      id,
      name: id,
      ...(value === undefined ? {} : { identifier: [{ system: tin, value }] }),
    }),
  )
const role = fc.record({ of: fc.constantFrom('p', 'q'), at: fc.constantFrom('lake', 'hill') }).map(
  ({ of, at }): Resource => ({
    resourceType: 'PractitionerRole',
    id: 'role',
    practitioner: { reference: `Practitioner/${of}` },
    organization: { reference: `Organization/${at}` },
  }),
)
const encounter = fc
  .record({
    id: fc.constantFrom('1', '2', '3', '4'),
    of: patientId,
    status: fc.constantFrom('finished', 'finished', 'cancelled'),
    to: some(
      fc.constantFrom(
        'Practitioner/p',
        'PractitionerRole/role',
        'Practitioner?identifier=local|7',
        'Practitioner/gone',
      ),
    ),
    at: some(fc.constantFrom('Organization/lake', 'Organization/hill')),
    start: fc.constantFrom('2024-05-01', '2025-06-01T03:00:00Z'),
  })
  .map(
    ({ id, of, status, to, at, start }): Resource => ({
      resourceType: 'Encounter',
      id,
      status,
      subject: { reference: `Patient/${of}` },
      period: { start },
      ...(to === undefined ? {} : { participant: [{ individual: { reference: to } }] }),
      ...(at === undefined ? {} : { serviceProvider: { reference: at } }),
    }),
  )
const request = fc.record({ of: patientId, drug: fc.constantFrom('x', 'y') }).map(
  ({ of, drug }): Resource => ({
    resourceType: 'MedicationRequest',
    id: 'r',
    subject: { reference: `Patient/${of}` },
    medicationReference: { reference: `https://ehr.example/fhir/Medication/${drug}/_history/2` },
  }),
)
const medication = fc.record({ id: fc.constantFrom('x', 'y'), text: fc.constantFrom('1', '2') }).map(
  ({ id, text }): Resource => ({
    resourceType: 'Medication',
    id,
    code: { text },
  }),
)

const entry = fc.record({
  resource: fc.oneof(patient, patient, practitioner, organization, role, encounter, encounter, request, medication),
  deleted: fc.constantFrom(false, false, false, true),
})
const rosterRow: fc.Arbitrary<RosterRow> = fc
  .record({ npi: fc.constantFrom('1234567893', '2000000002'), tin: fc.constantFrom('111111111', '333333333') })
  .map((row) => ({ ...row, practice: `Practice ${row.tin}`, provider: null, from: '2025-01-01', to: null }))
const refresh = fc.record({
  source: fc.constantFrom('north', 'south'),
  entries: fc.uniqueArray(entry, {
    minLength: 1,
    maxLength: 9,
    selector: ({ resource }) => `${resource.resourceType}/${resource.id}`,
  }),
  roster: fc.option(fc.uniqueArray(rosterRow, { maxLength: 2, selector: (row) => row.npi }), {
    nil: undefined,
    freq: 3,
  }),
})

type Refresh = typeof refresh extends fc.Arbitrary<infer T> ? T : never

const keyOf = (source: string, { resourceType, id }: Resource) => `${source} ${resourceType}/${id}`

const sent = (resource: Resource) => ({ resource, deleted: false })
const named = (id: string, value: string): Resource => ({
  resourceType: 'Patient',
  id,
  birthDate: '1950-03-12',
  gender: 'female',
  identifier: [{ system: member, value }],
})
/** Somebody without visits and somebody with one turn out to be one person; nothing but the Patient changes. */
const joined: Refresh[] = [
  {
    source: 'north',
    entries: [
      sent(named('a', 'A')),
      sent(named('b', 'B')),
      sent({ resourceType: 'Practitioner', id: 'p', identifier: [{ system: npi, value: '1234567893' }] }),
      sent({
        resourceType: 'Encounter',
        id: '1',
        status: 'finished',
        subject: { reference: 'Patient/b' },
        participant: [{ individual: { reference: 'Practitioner/p' } }],
      }),
    ],
    roster: undefined,
  },
  { source: 'north', entries: [sent(named('b', 'A'))], roster: undefined },
]

/** What is derived, as text that does not depend on the order of rows. */
async function derived({ session }: Store): Promise<string[]> {
  const found: string[] = []
  for (const table of [
    'source_patient',
    'person',
    'identity_finding',
    'attribution',
    'visit',
    'visit_provider',
    'visit_place',
    'patient_said',
    'outside_reference',
  ]) {
    const rows = await session.all<{ row: string }>(`SELECT r::VARCHAR AS row FROM ${table} r ORDER BY 1`)
    found.push(...rows.map(({ row }) => `${table} ${row}`))
  }
  return found
}

/** Patients whose facts a refresh changes, by the resources before and after it. */
function touched(
  source: string,
  before: ReadonlyMap<string, Resource>,
  after: ReadonlyMap<string, Resource>,
): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => key.startsWith(`${source} `))
  const changed = new Set(keys.filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key))))
  const own = [...changed].flatMap((key) => [before.get(key), after.get(key)].flatMap(patientsOf))
  const referring = [...after]
    .filter(([key, resource]) => key.startsWith(`${source} `) && patientsOf(resource).length > 0)
    .filter(([, resource]) => referencesIn(resource).some((reference) => changed.has(`${source} ${reference}`)))
    .flatMap(([, resource]) => patientsOf(resource))
  return [...new Set([...own, ...referring])].sort().map((id) => `${source} ${id}`)
}

function patientsOf(resource: Resource | undefined): string[] {
  if (resource?.resourceType === 'Patient') return [resource.id ?? '']
  const subject = resource?.['subject'] as { reference: string } | undefined
  return subject === undefined ? [] : [subject.reference.replace('Patient/', '')]
}

const outside = /(?:Practitioner|PractitionerRole|Organization|Medication)\/[a-z]+/
const referencesIn = (resource: Resource): string[] =>
  [...JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g)].flatMap(([, text = '']) => outside.exec(text) ?? [])

test('whatever changes, what is derived of the changes is what is derived of everything', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(refresh, { minLength: 2, maxLength: 5 }), async (refreshes) => {
      const store = await newStore()
      const resources = new Map<string, Resource>()
      for (const [index, one] of refreshes.entries()) {
        const before = new Map(resources)
        await refreshWith(store, one, resources)
        const told = await store.session.all<{ patient: string }>(
          `SELECT DISTINCT s.name || ' ' || p.patient_id AS patient FROM person_change c JOIN source_patient p USING (spid)
           JOIN source s USING (source_id) WHERE c.kind = 'facts' AND c.state_id = $state ORDER BY 1`,
          { state: index + 1 },
        )
        expect(told.map(({ patient }) => patient)).toEqual(touched(one.source, before, resources))
        const followed = await derived(store)
        await store.session.run(`DELETE FROM derived_state WHERE name <> 'references'`)
        await store.session.transaction(async () => {
          await resolvePersons(store.session, config.identity)
          await deriveAttribution(store.session)
        })
        expect(followed).toEqual(await derived(store))
      }
      store.close()
    }),
    { numRuns: 10, examples: [[joined]] },
  )
})

async function refreshWith(store: Store, { source, entries, roster }: Refresh, resources: Map<string, Resource>) {
  if (roster !== undefined) await replaceRoster(store.session, roster)
  for (const { resource, deleted } of entries) {
    if (deleted) resources.delete(keyOf(source, resource))
    else resources.set(keyOf(source, resource), resource)
  }
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map(({ resource, deleted }) => {
      const url = `${resource.resourceType}/${resource.id}`
      return deleted ? { request: { method: 'DELETE', url } } : { resource, request: { method: 'PUT', url } }
    }),
  }
  const path = `${write(newFolder(), { 'bundle.json': JSON.stringify(bundle) })}/bundle.json`
  const { ingest } = await loadData(store, { path, source, config, progress: silentProgress })
  expect(ingest.exports.map(({ state }) => state)).toEqual(['published'])
}
