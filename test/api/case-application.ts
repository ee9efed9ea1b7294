import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig, fixedClock, silentLogger, silentProgress } from '../../src/base/index.ts'
import { loadContent } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { type Application, createApplication, loadData } from '../../src/jobs/index.ts'
import { openStore } from '../../src/store/index.ts'
import { withOwnIds } from '../content/case-store.ts'
import { casesOf, type MeasureCase } from '../content/measure-case.ts'

/** A case of a measure as a patient of the source `cases`. */
export interface CasePatient {
  readonly name: string
  readonly measureId: string
  readonly patientId: string
  readonly expected: MeasureCase['expected']
  readonly resources: readonly Resource[]
}

export const casePeriod = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }

const measureIds = [
  'breast-cancer-screening',
  'colorectal-cancer-screening',
  'controlling-blood-pressure',
  'depression-screening',
  'glycemic-status',
]

/** Of a measure's cases every fourth goes through the server, and all of one measure: own-cases.test.ts runs them all. */
const wholeMeasure = 'glycemic-status'
const isTaken = (measureId: string, index: number): boolean => measureId === wholeMeasure || index % 4 === 0

/** Cases of the shipped measures over 2026, with ids that differ from case to case. */
export function casePatients(): readonly CasePatient[] {
  return measureIds.flatMap((measureId) =>
    [...casesOf(measureId)]
      .filter(([, { period }]) => period.start === casePeriod.start && period.end === casePeriod.end)
      .filter((_, index) => isTaken(measureId, index))
      .map(([file, { expected, bundle }], index) => {
        const own = `${initialsOf(measureId)}${index}-`
        const resources = bundle.entry.map(({ resource }) => withOwnIds(resource, own))
        const patient = resources.find(({ resourceType }) => resourceType === 'Patient')
        return { name: `${measureId}/${file}`, measureId, patientId: patient?.id ?? '', expected, resources }
      }),
  )
}

const initialsOf = (measureId: string): string => measureId.replaceAll(/([a-z])[a-z]*-?/g, '$1')

/** The real application over a store in memory that holds the cases, loaded from files and evaluated for 2026. */
export async function caseApplication(patients: readonly CasePatient[]): Promise<Application> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-cases-'))
  const store = await openStore({ path: ':memory:' })
  try {
    mkdirSync(join(folder, 'cases'))
    const resources = patients.flatMap((patient) => patient.resources)
    for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
      const lines = resources.filter(({ resourceType }) => resourceType === type).map((line) => JSON.stringify(line))
      writeFileSync(join(folder, 'cases', `${type}.ndjson`), `${lines.join('\n')}\n`)
    }
    const path = join(folder, 'cases')
    await loadData(store, { path, source: 'cases', config: defaultConfig, progress: silentProgress })
  } finally {
    rmSync(folder, { recursive: true })
  }
  const content = await loadContent({ terminology: [] })
  const application = await createApplication({
    store,
    config: defaultConfig,
    clock: fixedClock('2026-12-31T12:00:00Z'),
    logger: silentLogger,
    measures: content.measures,
    valueSets: content.valueSets,
    workers: 0,
  })
  await application.evaluateRun({ period: casePeriod }, silentProgress)
  return application
}
