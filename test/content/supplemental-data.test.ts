import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/base/index.ts'
import { loadContent } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { createSupplementEvaluator } from '../../src/measure/index.ts'
import { recordOf } from './measure-case.ts'

const core = 'http://hl7.org/fhir/us/core/StructureDefinition'
const omb = (code: string) => ({ url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code } })
const patient: Resource = {
  resourceType: 'Patient',
  id: 'p',
  gender: 'female',
  extension: [
    { url: `${core}/us-core-race`, extension: [omb('2106-3'), omb('1002-5'), { url: 'text', valueString: 'Mixed' }] },
    { url: `${core}/us-core-ethnicity`, extension: [omb('2186-5')] },
  ],
}
const coverage = (id: string, code: string, status = 'active'): Resource => ({
  resourceType: 'Coverage',
  id,
  status,
  type: { coding: [{ system: 'https://nahdo.org/sopt', code }] },
})

test('each shipped measure tells ethnicity, payer, race and sex of its members, of their own record alone', async () => {
  const { measures, refused, valueSets } = await loadContent()
  expect(refused.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic))).toEqual([])
  expect(measures).toHaveLength(5)
  const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
  const told = recordOf([patient, coverage('a', '1'), coverage('b', '2'), coverage('c', '9', 'entered-in-error')])
  const sex = { url: `${core}/us-core-sex`, valueCode: '248152002' }
  const recorded = recordOf([{ ...patient, gender: 'unknown', extension: [sex] }])
  for (const measure of measures) {
    const supplement = createSupplementEvaluator(measure, valueSets, period)
    expect([...(supplement?.types ?? [])].sort(), measure.id).toEqual(['Coverage', 'Patient'])
    const codesOf = async (record: ReturnType<typeof recordOf>) => {
      const found = await supplement?.evaluate(record)
      expect(found?.faults, measure.id).toEqual({})
      const values = Object.entries(found?.values ?? {})
      return Object.fromEntries(
        values.map(([id, own]) => [id, own.flatMap((one) => (one.kind === 'codes' ? one.codings[0]?.code : one.kind))]),
      )
    }
    expect(await codesOf(told), measure.id).toEqual({
      'sde-ethnicity': ['2186-5'],
      'sde-payer': ['1', '2'],
      'sde-race': ['2106-3', '1002-5'],
      'sde-sex': ['female'],
    })
    expect(await codesOf(recorded), measure.id).toEqual({
      'sde-ethnicity': [],
      'sde-payer': [],
      'sde-race': [],
      'sde-sex': ['248152002'],
    })
  }
})
