import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences, expectedOf, runPublished, type SharedPackages } from './official-cases.ts'
import { bundleFile, scratch } from './package-kit.ts'
import { isPublishedThere, officialValueSets, publishedMeasures, testData } from './published-content.ts'

if (!isPublishedThere) {
  console.log('official: skipped; it wants test data, and CAREGAP_PUBLISHED_CONTENT with folders cql and measure')
}

/** What differs and why: every entry must still differ in just this way. */
interface LedgerEntry {
  readonly measure: string
  readonly patientId: string
  readonly differences: readonly string[]
  readonly reason: string
}
const ledger = (
  JSON.parse(readFileSync(join(import.meta.dirname, 'official-ledger.json'), 'utf8')) as {
    readonly cases: readonly LedgerEntry[]
  }
).cases

const rows: string[] = []
let total = { cases: 0, agree: 0 }

afterAll(() => {
  if (rows.length > 0) {
    const all = `${'all'.padEnd(56)} ${String(total.cases).padStart(5)} ${String(total.agree).padStart(5)}`
    console.log(['measure'.padEnd(56), ' cases', ' agree'].join(''), `\n${[...rows, all].join('\n')}`)
  }
  rmSync(scratch, { recursive: true, force: true })
})

describe.skipIf(!isPublishedThere)('published measures, installed as packages, on their published cases', () => {
  let shared: SharedPackages
  beforeAll(() => {
    shared = {
      models: join(testData, 'modelinfo'),
      valueSets: bundleFile(officialValueSets(), 'official-value-sets.json'),
    }
  })

  test.each(publishedMeasures())('%s', { timeout: 300_000 }, async (measure) => {
    const { lines, content } = await runPublished(measure, shared)
    expect(content.refused).toEqual([])
    const expected = expectedOf(measure)
    const found = [...expected].flatMap(([patientId, wanted]) => {
      const differing = differences(lines.get(patientId) ?? [], wanted)
      return differing.length === 0 ? [] : [{ patientId, differences: differing }]
    })
    const agree = expected.size - found.length
    rows.push(`${measure.padEnd(56)} ${String(expected.size).padStart(5)} ${String(agree).padStart(5)}`)
    total = { cases: total.cases + expected.size, agree: total.agree + agree }
    const known = ledger.filter((entry) => entry.measure === measure)
    expect(found).toEqual(known.map(({ patientId, differences: differing }) => ({ patientId, differences: differing })))
  })
})
