import type { InstalledMeasure } from '../../src/content/index.ts'
import { makeExpansion } from '../../src/terminology/expansion.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { cqlMeasure } from './made-run.ts'

const url = 'http://example.org/ValueSet/a1c'
const display = 'Hemoglobin A1c in Blood'
const tests = makeExpansion({ url }, [{ system: 'http://loinc.org', code: '4548-4', display }])
export const valueSets = pinValueSets([tests])

/** Everybody; the numerator has a test above 9 % whose LOINC code is in a value set. */
export async function testedMeasure(): Promise<InstalledMeasure> {
  const made = await cqlMeasure({
    id: 'Tested',
    terms: `include FHIRHelpers version '4.0.1' called FHIRHelpers\nvalueset "Tests": '${url}'`,
    defines: {
      All: 'true',
      Tested: `exists ([Observation: "Tests"] O where (O.value as Quantity) > 9 '%')`,
    },
    populations: { 'initial-population': 'All', denominator: 'All', numerator: 'Tested' },
  })
  return { ...made, valueSets: [url], contentHash: `${made.closure.hash} ${tests.sha256}` }
}

/** What a laboratory calls that test. */
export const local = { system: 'urn:hill:lab', code: 'A1C', display: 'Hemoglobin A1c blood' }
