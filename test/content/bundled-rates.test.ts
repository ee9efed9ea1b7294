import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { loadContent } from '../../src/content/index.ts'
import type { PersonRecord, RecordEntry, Resource } from '../../src/fhir/index.ts'
import { evaluateRecord, evaluatorOf, wilsonInterval } from '../../src/measure/index.ts'
import { publishedRates } from '../../src/synth/index.ts'
import { demoResources, patientOf, truePersons } from '../synth/demo.ts'

// The five measures over the community of the bundled export (the registry panel is no community), each person with the
// records of all sources. The rates are held to the national ones that the export was calibrated to (HRSA Uniform Data
// System 2022, docs/synthetic-data.md): within the interval that chance allows, and `disorder` more, for records in
// disorder hide some results, and exclusions take people out whom the calibration counts.

const disorder = 0.05
const published = {
  'breast-cancer-screening': publishedRates.mammography,
  'colorectal-cancer-screening': publishedRates.colorectalScreening,
  'controlling-blood-pressure': publishedRates.bloodPressureControlled,
  'depression-screening': publishedRates.depressionScreening,
  'glycemic-status': publishedRates.poorGlycemicControl,
} as const

function community(): readonly PersonRecord[] {
  const people = truePersons().filter(({ panel }) => panel === 'community')
  const placeOf = new Map<string, number>(
    people.flatMap(({ patients }, place) => patients.map(({ source, id }) => [`${source}/${id}`, place] as const)),
  )
  const entries = people.map((): RecordEntry[] => [])
  for (const sourced of demoResources()) {
    const own = entries[placeOf.get(patientOf(sourced) ?? '') ?? -1]
    const resource = sourced.resource as unknown as Resource
    const { resourceType: type, id = '' } = resource
    own?.push({ rid: String(own.length), source: sourced.source, type, id, resource })
  }
  return entries.flatMap((own, pid) => {
    const patient = own.find(({ type }) => type === 'Patient')?.resource
    return patient === undefined ? [] : [{ pid, patient, entries: own }]
  })
}

describe('the five measures over the community of the bundled export', async () => {
  const { measures, valueSets } = await loadContent()
  const people = community()
  const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'America/Chicago' }

  test.each(Object.entries(published))('%s is near the national rate', { timeout: 300_000 }, async (id, rate) => {
    const measure = measures.find((candidate) => candidate.id === id)
    if (measure === undefined) throw new RangeError(`${id} is not installed`)
    const evaluator = unwrap(evaluatorOf(measure, valueSets, period, 'direct'))
    const sums = { risk: 0, met: 0 }
    for (const person of people) {
      const { groups, error } = await evaluateRecord(measure, evaluator, person)
      expect(error).toBeUndefined()
      const { populations = {} } = groups[0] ?? {}
      const out = (populations['denominator-exclusion'] ?? 0) + (populations['denominator-exception'] ?? 0)
      sums.risk += (populations.denominator ?? 0) - out
      sums.met += populations.numerator ?? 0
    }
    expect(sums.risk).toBeGreaterThan(30)
    const { low = 1, high = 0 } = wilsonInterval(sums.met, sums.risk) ?? {}
    expect(rate, `${sums.met} of ${sums.risk}`).toBeGreaterThan(low - disorder)
    expect(rate, `${sums.met} of ${sums.risk}`).toBeLessThan(high + disorder)
  })
})
