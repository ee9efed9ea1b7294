import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { defaultConfig, fixedClock, silentLogger, silentProgress } from '../../src/base/index.ts'
import { loadPlans } from '../../src/cards/index.ts'
import { loadContent } from '../../src/content/index.ts'
import { cdsDeskOf, createApplication, loadData } from '../../src/jobs/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { openStore } from '../../src/store/index.ts'
import { lines, newFolder, patient, write } from '../ingest/written-export.ts'

const taken = (id: string, of: string, text: string, display?: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${of}` },
  authoredOn: '2026-06-01',
  medicationCodeableConcept: {
    text,
    ...(display === undefined
      ? {}
      : { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '198440', display }] }),
  },
})

test('the page that plays an EHR never says that there is nothing to say where something could not be evaluated', async () => {
  const store = await openStore({ path: ':memory:' })
  const born = { birthDate: '1970-03-14', gender: 'female' }
  const facts = [
    patient('a', born),
    taken('1', 'a', 'white tablets'),
    patient('b', born),
    taken('2', 'b', 'Acetaminophen', 'acetaminophen 500 MG Oral Tablet'),
  ]
  const path = write(newFolder(), { 'all.ndjson': lines(...facts) })
  await loadData(store, { path, source: 'hill', config: defaultConfig, progress: silentProgress })
  const { valueSets } = await loadContent({ ids: [] })
  const { plans } = await loadPlans({ valueSets })
  const clock = fixedClock('2026-06-15T12:00:00Z')
  const application = await createApplication({
    store,
    config: defaultConfig,
    clock,
    logger: silentLogger,
    measures: [],
    valueSets,
    plans,
    workers: 0,
  })
  const app = await createApp({ application, host: '127.0.0.1', pageRoutes: pageRoutes(application) })
  const pairsOf = async (person: number) => {
    const response = await app.request(`http://127.0.0.1/demo/ehr?person=${person}&order=sildenafil`)
    const html = await response.text()
    return html.slice(html.indexOf('<section aria-label="Severe drug pairs"')).split('</section>')[0]
  }
  expect(await pairsOf(1)).toContain('could not be evaluated: In part')
  expect(await pairsOf(1)).not.toContain('Nothing to say')
  expect(await pairsOf(2)).toContain('Nothing to say')
  expect(await pairsOf(2)).not.toContain('could not be evaluated')
  // What could not be evaluated is listed for this page's calls, too.
  await cdsDeskOf(application).memory.flush()
  const unmet = await store.session.all<{ site: string }>('SELECT DISTINCT site FROM cds_unmet')
  expect(unmet).toEqual([{ site: 'demo' }])
  await application.close()
})
