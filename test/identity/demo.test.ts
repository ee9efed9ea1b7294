import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { loadConfig, projectRoot } from '../../src/base/index.ts'
import { resolvePersons } from '../../src/identity/index.ts'
import { ingest } from '../../src/ingest/index.ts'
import { openStore } from '../../src/store/index.ts'

const demo = join(projectRoot, 'datasets', 'demo')

interface TruePerson {
  readonly patients: readonly { readonly source: string; readonly id: string }[]
}

const groupText = (members: readonly string[]): string => [...members].sort().join(' ')

test('the persons of the bundled data are those of its truth, loaded in either order of sources', async () => {
  const config = loadConfig(join(demo, 'caregap.config.json'))
  const text = gunzipSync(readFileSync(join(demo, 'truth', 'persons.ndjson.gz'))).toString('utf8')
  const truth = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TruePerson)
    .map(({ patients }) => groupText(patients.map(({ source, id }) => `${source}/${id}`)))
  const sources = config.sources.map(({ name }) => name)
  for (const order of [sources, sources.toReversed()]) {
    const store = await openStore({ path: ':memory:' })
    for (const source of order) await ingest(store, { path: join(demo, source, 'Patient.ndjson.gz'), source, config })
    const { findings } = await resolvePersons(store.session, config.identity)
    const rows = await store.session.all<{ members: string[] }>(
      `SELECT list(s.name || '/' || p.patient_id) AS members
       FROM source_patient p JOIN source s USING (source_id) GROUP BY p.pid`,
    )
    expect(rows.map(({ members }) => groupText(members)).sort()).toEqual(truth.toSorted())
    expect(Object.keys(findings).sort()).toEqual([
      'identity/birth-date-differs',
      'identity/identifier-shared',
      'identity/sex-differs',
    ])
    store.close()
  }
})
