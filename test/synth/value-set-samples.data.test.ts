import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { readLines } from './demo.ts'
import { onlyCpt, samples } from './value-set-samples.ts'

const data = process.env.CAREGAP_TEST_DATA ?? resolve(projectRoot, '../shared/data')
const file = join(data, 'ecqm', 'valuesets.ndjson.gz')
const present = existsSync(file)
if (!present) console.log(`skipped: no official value sets at ${file}`)

interface OfficialSet {
  readonly title?: string
  readonly codes: readonly (readonly [string, string])[]
}

const official = (): OfficialSet[] => readLines<OfficialSet>(file)

test.skipIf(!present)('every code that the table of clauses names is a member of the official value set', () => {
  const sets = official()
  const wrong = Object.entries(samples).flatMap(([title, codes]) => {
    const candidates = sets.filter((set) => set.title === title)
    if (candidates.length === 0) return [`no official set ${title}`]
    return codes
      .filter((code) => !candidates.some((set) => set.codes.some(([, member]) => member === code)))
      .map((code) => `${title}: ${code}`)
  })
  expect(wrong).toEqual([])
})

test.skipIf(!present)('the sets that are left out hold CPT codes only', () => {
  const cpt = 'http://www.ama-assn.org/go/cpt'
  const systems = official()
    .filter((set) => onlyCpt.some((title) => title === set.title))
    .flatMap((set) => set.codes.map(([system]) => system))
  expect(new Set(systems)).toEqual(new Set([cpt]))
})
