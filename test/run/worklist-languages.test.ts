import { expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { resolvePersons } from '../../src/identity/index.ts'
import { ensureWorklist } from '../../src/store/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, patient, period, visits } from './made-run.ts'

const coded = (code: string, more: object = {}) => ({ language: { coding: [{ code }], ...more } })

const spoken: Readonly<Record<string, readonly object[]>> = {
  two: [coded('es')],
  region: [coded('es-US')],
  three: [coded('spa')],
  words: [{ language: { text: ' spanish' } }],
  hmong: [coded('hmn')],
  preferred: [coded('en'), { ...coded('vi'), preferred: true }],
  signed: [{ language: { text: 'American Sign Language' } }],
  unknown: [coded('x-local')],
  none: [],
}

test('a language is told by its name, however a source writes it, and the preferred one first', async () => {
  const people = Object.entries(spoken).map(([id, communication]) => ({ ...patient(id), communication }))
  const seen = people.map(({ id }) => about(`${id}-visit`, 'Encounter', id ?? ''))
  const store = await openStoreWith([{ source: 'north', resources: [...people, ...seen] }])
  try {
    await resolvePersons(store.session, { identifierSystems: [] })
    const application = await applicationOver(store, [await visits()])
    const runId = await application.evaluateRun({ period }, silentProgress)
    await ensureWorklist(store.session, runId, '2026-01-02')
    const rows = await store.session.all<{ id: string; language: string | null }>(
      `SELECT p.patient_id AS id, w.language FROM worklist_person w JOIN source_patient p ON coalesce(p.pid, p.spid) = w.pid`,
    )
    expect(Object.fromEntries(rows.map(({ id, language }) => [id, language]))).toEqual({
      two: 'Spanish',
      region: 'Spanish',
      three: 'Spanish',
      words: 'Spanish',
      hmong: 'Hmong',
      preferred: 'Vietnamese',
      signed: 'American Sign Language',
      unknown: 'x-local',
      none: null,
    })
  } finally {
    store.close()
  }
})
