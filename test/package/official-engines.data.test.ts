import { afterAll, describe, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { verifyEngines } from '../../src/jobs/index.ts'
import { loadPublished } from './official-cases.ts'
import { isPublishedThere, publishedMeasures } from './published-content.ts'

if (!isPublishedThere) {
  console.log(
    'official engines: skipped; it wants test data, and CAREGAP_PUBLISHED_CONTENT with folders cql and measure',
  )
}

const rows: string[] = []
afterAll(() => {
  if (rows.length > 0)
    console.log(`measure: persons, of them by SQL, failed by SQL, values, differences\n${rows.join('\n')}`)
})

// SQL, closures and cql-execution over every published case: populations, the letter of every define, evidence and errors.
describe.skipIf(!isPublishedThere)('the three engines on published measures and their cases', () => {
  test.each(publishedMeasures())('%s', { timeout: 600_000 }, async (measure) => {
    const { store, content, period } = await loadPublished(measure)
    try {
      const { measures, valueSets } = content
      const request = { measures, valueSets, period, people: Number.MAX_SAFE_INTEGER, seed: 1 }
      const found = await verifyEngines(store, request, silentProgress)
      rows.push(
        `${measure}: ${found.people}, ${found.comparedBySql}, ${found.failedBySql}, ${found.defines}, ${found.differences.length}`,
      )
      expect(found.failedBySql).toBe(0)
      expect(found.differences.map(({ message }) => message)).toEqual([])
    } finally {
      store.close()
    }
  })
})
