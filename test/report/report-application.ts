import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, defaultConfig, fixedClock, silentLogger, silentProgress } from '../../src/base/index.ts'
import type { CompositeMeasure, InstalledMeasure } from '../../src/content/index.ts'
import { type Application, createApplication, loadData } from '../../src/jobs/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { loadValueSets } from '../../src/terminology/index.ts'
import { reportMeasures } from './report-measures.ts'

// People made for reports, at two sources, with a Group, a practitioner and a practice.

type Made = Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string }

const npi = [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }]
const tin = [{ system: 'urn:oid:2.16.840.1.113883.4.4', value: '123456789' }]

const patient = (id: string, gender: string, state: string): Made => ({
  resourceType: 'Patient',
  id,
  gender,
  birthDate: '1960-01-01',
  name: [{ family: id.toUpperCase() }],
  identifier: [{ system: 'http://example.org/mrn', value: id }],
  address: [{ state }],
})
const visit = (id: string, who: string, start: string, end: string, more: object = {}): Made => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: `Patient/${who}` },
  period: { start: `${start}T08:00:00Z`, end: `${end}T09:00:00Z` },
  participant: [{ individual: { reference: 'Practitioner/dr' } }],
  serviceProvider: { reference: 'Organization/clinic' },
  ...more,
})
const result = (id: string, who: string, when: string, more: object = {}): Made => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
  subject: { reference: `Patient/${who}` },
  effectiveDateTime: when,
  valueQuantity: { value: 7, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  ...more,
})
const condition = (id: string, who: string, text: string): Made => ({
  resourceType: 'Condition',
  id,
  subject: { reference: `Patient/${who}` },
  code: { text },
})
const coverage = (id: string, who: string, code: string): Made => ({
  resourceType: 'Coverage',
  id,
  status: 'active',
  beneficiary: { reference: `Patient/${who}` },
  payor: [{ display: 'payer' }],
  type: { coding: [{ system: 'https://nahdo.org/sopt', code }] },
})
const member = (reference: string, more: object = {}) => ({ entity: { reference }, ...more })

/** met: tested; open: not; out: excluded; excused: excepted; doubt: excluded from the numerator; away: not seen. */
export const lakeside: readonly Made[] = [
  { resourceType: 'Practitioner', id: 'dr', identifier: npi, name: [{ family: 'Who' }] },
  { resourceType: 'Practitioner', id: 'nobody', name: [{ family: 'None' }] },
  { resourceType: 'Organization', id: 'clinic', identifier: tin, name: 'Clinic' },
  { resourceType: 'Organization', id: 'unknown', name: 'Unknown' },
  patient('met', 'female', 'north'),
  patient('open', 'male', 'south'),
  patient('out', 'female', 'north'),
  patient('excused', 'male', 'north'),
  patient('doubt', 'female', 'south'),
  patient('away', 'male', 'north'),
  visit('v1', 'met', '2026-02-01', '2026-02-02'),
  visit('v2', 'met', '2026-03-01', '2026-03-08'),
  visit('v3', 'open', '2026-12-31', '2026-12-31'),
  visit('v4', 'out', '2026-04-01', '2026-04-05', { priority: { text: 'urgent' } }),
  visit('v5', 'excused', '2026-05-01', '2026-05-04'),
  visit('v6', 'doubt', '2026-06-01', '2026-06-03'),
  result('r1', 'met', '2026-02-01T10:00:00Z'),
  result('r2', 'met', '2025-02-01T10:00:00Z'),
  result('r3', 'doubt', '2026-06-02T10:00:00Z', { note: [{ text: 'doubtful' }] }),
  condition('c1', 'out', 'hospice'),
  condition('c2', 'excused', 'refused'),
  coverage('p1', 'met', '1'),
  coverage('p2', 'open', '2'),
  coverage('p3', 'out', '1'),
  {
    resourceType: 'Group',
    id: 'panel',
    type: 'person',
    actual: true,
    member: [
      member('Patient/met'),
      member('Patient/open'),
      member('Patient/out', { inactive: true }),
      member('Patient/stranger'),
    ],
  },
  { resourceType: 'Group', id: 'kind', type: 'person', actual: false, code: { text: 'everybody over 18' } },
]

const harbor: readonly Made[] = [
  patient('met', 'male', 'east'),
  visit('v1', 'met', '2026-07-01', '2026-07-01', { participant: [], serviceProvider: undefined }),
]

export const period2026 = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }

/** Loads resources of one source, in the order given. */
export async function load(store: Store, source: string, resources: readonly Made[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-report-'))
  try {
    const path = join(folder, source)
    mkdirSync(path)
    for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
      const lines = resources.filter(({ resourceType }) => resourceType === type).map((line) => JSON.stringify(line))
      writeFileSync(join(path, `${type}.ndjson`), `${lines.join('\n')}\n`)
    }
    await loadData(store, { path, source, config: defaultConfig, progress: silentProgress })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

let installed: Promise<readonly InstalledMeasure[]> | undefined

export interface ReportApplicationOptions {
  readonly path?: string
  /** Loads both sources and publishes a run of 2026; false opens what is there. */
  readonly fill?: boolean
  /** Whether resources are loaded in reverse order. */
  readonly reversed?: boolean
  readonly config?: Partial<Config>
  readonly composites?: readonly CompositeMeasure[]
  readonly now?: string
}

/** The real application over the people above, with a published run of 2026 by SQL. */
export async function reportApplication(options: ReportApplicationOptions = {}): Promise<Application> {
  const store = await openStore({ path: options.path ?? ':memory:' })
  const { valueSets } = loadValueSets([])
  const cacheDir = mkdtempSync(join(tmpdir(), 'caregap-report-cache-'))
  installed ??= reportMeasures(valueSets, cacheDir).finally(() => rmSync(cacheDir, { recursive: true, force: true }))
  const measures = await installed
  if (options.fill !== false) {
    const ordered = (resources: readonly Made[]) => (options.reversed === true ? resources.toReversed() : resources)
    await load(store, 'lakeside', ordered(lakeside))
    await load(store, 'harbor', ordered(harbor))
  }
  const application = await createApplication({
    store,
    config: { ...defaultConfig, ...options.config },
    clock: fixedClock(options.now ?? '2026-12-31T12:00:00Z'),
    logger: silentLogger,
    measures,
    valueSets,
    ...(options.composites === undefined ? {} : { composites: options.composites }),
    workers: 0,
  })
  if (options.fill !== false) await application.evaluateRun({ period: period2026, engine: 'sql' }, silentProgress)
  return application
}
