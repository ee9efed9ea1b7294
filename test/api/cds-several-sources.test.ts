import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultConfig, silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { type Application, loadData } from '../../src/jobs/index.ts'
import { askPatientView } from './ask-patient-view.ts'
import { caseApplication, casePatients } from './case-application.ts'
import { searchset } from './patient-view.ts'

// A person of two EHRs, one of which calls: what the other brought last night counts beside what this one sends now.

const found = casePatients().find(({ name }) => name === 'glycemic-status/no-assessment.json')
if (found === undefined) throw new RangeError('the case is there')
const mrn = { system: 'urn:oid:1.2.3', value: 'm-1' }
const isPatient = ({ resourceType }: Resource) => resourceType === 'Patient'
const own = { ...found.resources.find(isPatient), identifier: [mrn] } as unknown as Resource
const caller = { ...found, resources: [own, ...found.resources.filter((one) => !isPatient(one))] }

const a1c = (id: string, value: number, at: string, patientId: string): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: { reference: `Patient/${patientId}` },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
  effectiveDateTime: at,
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
})

const fhirServer = 'https://ehr.example/fhir'
const config = {
  ...defaultConfig,
  identity: { ...defaultConfig.identity, identifierSystems: [mrn.system] },
  cds: { ...defaultConfig.cds, fhirServers: [{ baseUrl: fhirServer, source: 'cases', plainLoopback: false }] },
}

let application: Application
beforeAll(async () => {
  application = { ...(await caseApplication([caller])), config }
  const other = { ...own, id: 'e-1' }
  await load('elsewhere', [other, a1c('poor', 10.2, '2026-11-02T08:00:00Z', 'e-1')])
}, 120_000)
afterAll(() => application.close())

async function load(source: string, resources: readonly Resource[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-sources-'))
  try {
    mkdirSync(join(folder, source))
    for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
      const lines = resources.filter(({ resourceType }) => resourceType === type).map((one) => JSON.stringify(one))
      writeFileSync(join(folder, source, `${type}.ndjson`), `${lines.join('\n')}\n`)
    }
    await loadData(application.store, { path: join(folder, source), source, config, progress: silentProgress })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Answer {
  readonly cards: readonly { readonly summary: string; readonly detail: string }[]
  readonly status: unknown
}

/** Calls with the Patient and these observations; of all else the EHR says that it has none. */
async function ask(observations: readonly Resource[]): Promise<Answer> {
  const body = await askPatientView<{
    cards: (Answer['cards'][number] & { source: { label: string } })[]
    extension: { 'dev.caregap.evaluation': { outcomes: { measure?: string; status: string }[] } }
  }>(application, {
    prefetch: { patient: own, observation: searchset(...observations) },
    patientId: own.id,
    fhirServer,
  })
  const { outcomes } = body.extension['dev.caregap.evaluation']
  return {
    cards: body.cards.filter(({ source }) => source.label.startsWith('Glycemic')),
    status: outcomes.find(({ measure }) => String(measure).includes('/glycemic-status|'))?.status,
  }
}

test('a poor result of the other EHR is what the card tells, with the source that it is of', async () => {
  const { cards, status } = await ask([])
  expect(status).toBe('open')
  expect(cards[0]?.summary).toContain('10.2 %')
  expect(cards[0]?.summary).toContain('elsewhere')
})

test('a later result that is sent now closes the gap that the other EHR left open', async () => {
  const { cards, status } = await ask([a1c('now', 6.8, '2026-12-31T07:40:00Z', String(own.id))])
  expect(status).toBe('closed')
  expect(cards).toEqual([])
})

test('an earlier result that is sent now changes nothing: the latest of all sources counts', async () => {
  const { status } = await ask([a1c('before', 6.8, '2026-10-01T07:40:00Z', String(own.id))])
  expect(status).toBe('open')
})

test('a result of the same id in another source is another result', async () => {
  const { status } = await ask([a1c('poor', 6.8, '2026-10-01T07:40:00Z', String(own.id))])
  expect(status).toBe('open')
})
