import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { load, newFolder, newStore } from './written-export.ts'

// Every resource of the npm package hl7.fhir.r4.examples (CC0), unpacked where CAREGAP_FHIR_EXAMPLES says.
const folder = process.env['CAREGAP_FHIR_EXAMPLES'] ?? ''

test.skipIf(!existsSync(folder))(
  'all resources of hl7.fhir.r4.examples go in and come out of raw byte for byte (CAREGAP_FHIR_EXAMPLES)',
  { timeout: 600_000 },
  async () => {
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(folder, name)))
      .filter((text) => 'resourceType' in (JSON.parse(text.toString()) as object))
    const store = await newStore(join(newFolder(), 'examples.duckdb'))
    const report = await load(store, folder, { source: 'examples' })
    expect(report).toMatchObject({ exitCode: 0, total: { lines: texts.length, quarantined: 0 } })
    const versions = await store.session.all<{ sha: string }>('SELECT sha256(raw) AS sha FROM raw_line ORDER BY sha')
    expect(versions.map((row) => row.sha)).toEqual([...new Set(texts.map(sha))].sort())
    const current = await store.session.all<{ sha: string }>('SELECT sha256(raw) AS sha FROM resource')
    const keys = new Set(
      texts.map((text) => keyOf(JSON.parse(text.toString()) as { resourceType: string; id: string })),
    )
    expect(current).toHaveLength(keys.size)
    const known = new Set(texts.map(sha))
    expect(current.filter((row) => !known.has(row.sha))).toEqual([])
    console.log(
      `${texts.length} files, ${versions.length} versions, ${current.length} current resources, ${report.seconds.toFixed(0)} s`,
    )
  },
)

const sha = (text: Buffer | string) => createHash('sha256').update(text).digest('hex')

const keyOf = ({ resourceType, id }: { resourceType: string; id: string }) => `${resourceType}/${id}`
