import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { differences, type Expected, expectedOf, runPublished } from './official-cases.ts'
import { isPublishedThere, publishedMeasures } from './published-content.ts'

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
const ledger = JSON.parse(readFileSync(join(import.meta.dirname, 'official-ledger.json'), 'utf8')) as {
  readonly contradictoryStrata: readonly { readonly measure: string; readonly reason: string }[]
  readonly cases: readonly LedgerEntry[]
}

const rows: string[] = []
let total = { cases: 0, agree: 0 }

afterAll(() => {
  if (rows.length > 0) {
    const all = `${'all'.padEnd(56)} ${String(total.cases).padStart(5)} ${String(total.agree).padStart(5)}`
    console.log(['measure'.padEnd(56), ' cases', ' agree'].join(''), `\n${[...rows, all].join('\n')}`)
  }
})

describe.skipIf(!isPublishedThere)('published measures, installed as packages, on their published cases', () => {
  test.each(publishedMeasures())('%s', { timeout: 300_000 }, async (measure) => {
    const { lines, content } = await runPublished(measure)
    expect(content.refused).toEqual([])
    const isContradictory = ledger.contradictoryStrata.some((entry) => entry.measure === measure)
    const expected = withoutStrata(expectedOf(measure), isContradictory)
    const found = [...expected].flatMap(([patientId, wanted]) => {
      const differing = differences(lines.get(patientId) ?? [], wanted)
      return differing.length === 0 ? [] : [{ patientId, differences: differing }]
    })
    const agree = expected.size - found.length
    rows.push(`${measure.padEnd(56)} ${String(expected.size).padStart(5)} ${String(agree).padStart(5)}`)
    total = { cases: total.cases + expected.size, agree: total.agree + agree }
    const known = ledger.cases.filter((entry) => entry.measure === measure)
    expect(found).toEqual(known.map(({ patientId, differences: differing }) => ({ patientId, differences: differing })))
  })
})

/** Expected lines without strata, where they contradict each other: then everybody in one stratum is in all of them. */
function withoutStrata(
  expected: ReadonlyMap<string, readonly Expected[]>,
  isContradictory: boolean,
): ReadonlyMap<string, readonly Expected[]> {
  if (!isContradictory) return expected
  const lines = [...expected.values()]
    .flat()
    .filter(({ kind, malformed }) => kind === 'stratifier' && malformed !== true)
  const members = lines.filter(({ code, stratum }) => code === 'initial-population' && stratum === 'true')
  const bySubject = new Map<string, Set<number>>()
  for (const { patientId, count } of members) {
    bySubject.set(patientId, (bySubject.get(patientId) ?? new Set()).add(count))
  }
  expect([...bySubject.values()].every((counts) => counts.size === 1)).toBe(true)
  return new Map([...expected].map(([patientId, own]) => [patientId, own.filter(({ kind }) => kind !== 'stratifier')]))
}
