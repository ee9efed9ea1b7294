import { afterAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { createDirectEvaluator } from '../../src/direct/index.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'
import { streamPersonRecords } from '../../src/identity/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { readPidRange } from '../../src/store/index.ts'
import { loadPublished } from '../package/official-cases.ts'
import { isPublishedThere, publishedMeasures } from '../package/published-content.ts'
import { holdToWord } from './explained-properties.ts'

// What an explanation cites, held to its word on logic that nobody here wrote: published measures and their cases.

if (!isPublishedThere) console.log('explain: skipped; it wants test data, and CAREGAP_PUBLISHED_CONTENT')

/** Of each measure so many of its cases, spread over all. */
const cases = Number(process.env['CAREGAP_EXPLAINED_CASES'] ?? 12)

const rows: string[] = []
afterAll(() => {
  if (rows.length > 0) console.log(rows.join('\n'))
})

describe.skipIf(!isPublishedThere)('explanations of published measures', () => {
  test.each(publishedMeasures())('%s', { timeout: 600_000 }, async (id) => {
    const { store, content, period } = await loadPublished(id)
    try {
      expect(content.refused).toEqual([])
      const [measure] = content.measures
      const range = await readPidRange(store.session)
      if (measure === undefined || range === undefined) throw new RangeError(`${id} is installed, with cases`)
      const { closure } = measure
      const evaluator = unwrap(
        createDirectEvaluator({ closure, defines: measureDefines(measure), valueSets: content.valueSets, period }),
      )
      const records: PersonRecord[] = []
      for await (const record of streamPersonRecords(store.session, range)) records.push(record)
      const step = Math.max(1, Math.floor(records.length / cases))
      const chosen = records.filter((_, index) => index % step === 0)
      const total = { cited: 0, changes: 0, nothing: 0 }
      for (const [index, record] of chosen.entries()) {
        const drawn = Array.from({ length: 5 }, (_, place) => (index + place) % 3 > 0)
        const { cited, changes, nothing } = holdToWord(evaluator, record, drawn)
        total.cited += cited
        total.changes += changes
        total.nothing += nothing
      }
      expect(total.cited).toBeGreaterThan(0)
      rows.push(
        `${id}: ${chosen.length} people, ${total.cited} cite, ${total.changes} change, ${total.nothing} cite nothing`,
      )
    } finally {
      store.close()
    }
  })
})
