import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { defaultConfig, fixedClock, silentLogger, silentProgress } from '../../src/base/index.ts'
import { createApplication } from '../../src/jobs/index.ts'
import { loadPublished } from '../package/official-cases.ts'
import { isPublishedThere, publishedMeasures } from '../package/published-content.ts'
import { reportFaults } from './deqm-invariants.ts'
import { at, extensionsOf, type Json, list } from './fhir-invariants.ts'
import { gapsBundleFaults } from './gaps-invariants.ts'

// Reports of published measures over their published cases: every kind of report holds its profile, supplemental data of
// the published logic among them, and what is collected is enough for the same report.

if (!isPublishedThere) {
  console.log(
    'published reports: skipped; they want test data, and CAREGAP_PUBLISHED_CONTENT with folders cql and measure',
  )
}

const supplementUrl = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport.supplementalData'

describe.skipIf(!isPublishedThere)('reports of published measures', () => {
  test.each(publishedMeasures())('%s', { timeout: 300_000 }, async (measureId) => {
    const { store, content, period } = await loadPublished(measureId)
    const application = await createApplication({
      store,
      config: defaultConfig,
      clock: fixedClock('2026-12-31T12:00:00Z'),
      logger: silentLogger,
      measures: content.measures,
      valueSets: content.valueSets,
      workers: 0,
    })
    try {
      await application.evaluateRun({ period, engine: 'direct' }, silentProgress)
      const app = await createApp({ application, host: '127.0.0.1' })
      const [measure] = application.measures
      expect(content.refused).toEqual([])
      if (measure === undefined) throw new RangeError(`${measureId} is installed`)
      const days = `periodStart=${period.start}&periodEnd=${period.end}`
      const read = async (path: string) => {
        const response = await app.request(`http://127.0.0.1${path}`)
        const body = (await response.json()) as Json
        expect([response.status, response.status === 200 ? undefined : body]).toEqual([200, undefined])
        return body
      }
      const base = `/fhir/Measure/${measure.id}`
      const summary = await read(`${base}/$evaluate-measure?${days}`)
      expect(reportFaults(summary, measure)).toEqual([])
      expect(extensionsOf(summary, supplementUrl).length).toBeGreaterThan(0)
      const listed = await read(`${base}/$evaluate-measure?${days}&reportType=subject-list`)
      expect(reportFaults(listed, measure)).toEqual([])
      const members = list(listed['contained']).flatMap(({ entry }) => list(entry))
      for (const reference of [...new Set(members.map(({ item }) => at(item, 'reference')))].slice(0, 5)) {
        const individual = await read(`/fhir/${String(reference)}`)
        expect(reportFaults(individual, measure)).toEqual([])
        const subject = at(individual, 'subject', 'reference')
        const collected = await read(`${base}/$collect-data?${days}&subject=${String(subject)}`)
        const data = list(at(list(collected['parameter'])[0], 'resource', 'entry')).map(
          ({ resource }) => resource as Json,
        )
        expect(reportFaults(data[0] ?? {}, measure)).toEqual([])
        const references = new Set(list(data[0]?.['evaluatedResource']).map((one) => one['reference']))
        const used = list(individual['evaluatedResource']).map((one) => String(one['reference']))
        expect(used.filter((one) => !references.has(one))).toEqual([])
        const all = 'status=open-gap&status=closed-gap&status=prospective-gap&status=not-applicable'
        const gaps = await read(`${base}/$care-gaps?${days}&${all}&subject=${String(subject)}`)
        for (const { resource } of list(gaps['parameter'])) expect(gapsBundleFaults(resource as Json)).toEqual([])
      }
      const requirements = await read(`${base}/$data-requirements?${days}`)
      expect(list(requirements['dataRequirement']).length).toBeGreaterThan(1)
    } finally {
      await application.close()
    }
  })
})
