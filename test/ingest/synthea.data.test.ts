import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typedResourceTypes } from '../../src/fhir/index.ts'
import { holdAll } from './typed-store.ts'
import { load, newStore } from './written-export.ts'

const data = process.env['CAREGAP_TEST_DATA'] ?? '../shared/data'
const folder = join(data, 'synthea-100')

/** Counts per type as the data's README gives them. */
const published = {
  AllergyIntolerance: 38,
  CarePlan: 278,
  CareTeam: 278,
  Claim: 6083,
  Condition: 639,
  Device: 4,
  DiagnosticReport: 897,
  DocumentReference: 3,
  Encounter: 3697,
  ExplanationOfBenefit: 3697,
  Group: 8,
  ImagingStudy: 16,
  Immunization: 1287,
  MedicationRequest: 2386,
  Observation: 16315,
  Organization: 203,
  Patient: 100,
  Practitioner: 203,
  Procedure: 2351,
}

test.runIf(existsSync(folder))(
  'a hundred Synthea people load whole: counts per type, per file, typed, and again',
  async () => {
    const store = await newStore()
    const report = await load(store, folder)
    expect(report).toMatchObject({ exitCode: 0, total: { lines: 38483, good: 38483, inserted: 38483, quarantined: 0 } })
    const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson.gz'))
    expect(report.exports[0]?.files).toHaveLength(names.length)
    for (const file of report.exports[0]?.files ?? [])
      expect(file.lines).toBe(file.good + file.quarantined + file.blank)
    const rows = await store.session.all<{ type: string; n: number }>(
      'SELECT type, count(*)::INTEGER AS n FROM resource GROUP BY type',
    )
    expect(Object.fromEntries(rows.map((row) => [row.type, row.n]))).toEqual(published)

    const tables = await holdAll(store, ...typedResourceTypes.filter((type) => type in published))
    expect(tables.length).toBeGreaterThan(10)
    for (const table of tables)
      expect([table.type, table.rows]).toEqual([table.type, published[table.type as keyof typeof published]])
    // Decimals of many places, as extensions of Patients have them, are in columns what they are in all engines.
    for (const { table } of tables) {
      const rows = await store.session.all<{ irregular: string[] }>(
        `SELECT DISTINCT irregular FROM ${table} WHERE irregular IS NOT NULL`,
      )
      expect(rows).toEqual([])
    }
    const patients = await store.session.first<{ n: number }>('SELECT count(*)::INTEGER AS n FROM source_patient')
    expect(patients?.n).toBe(100)

    const again = await load(store, folder)
    expect(again.total).toMatchObject({ inserted: 0, updated: 0, unchanged: 38483 })
  },
  300_000,
)

test.skipIf(existsSync(folder))('Synthea data is absent', () => {
  console.log(`skipped: no ${folder} (set CAREGAP_TEST_DATA)`)
})
