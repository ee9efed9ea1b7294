import { expect, test } from 'vitest'
import { z } from 'zod'
import { bulkServer } from '../base/bulk-config.ts'
import { exportParameters, exportUrl, getUrl, postBody, scopeHash } from './export-request.ts'
import { nextSince } from './watermark.ts'

type Settings = z.input<typeof bulkServer>

const server = (more: Partial<Settings> = {}) =>
  bulkServer.parse({ baseUrl: 'https://ehr.example/fhir', level: 'system', ...more })

test('levels', () => {
  expect(exportUrl(server()).href).toBe('https://ehr.example/fhir/$export')
  expect(exportUrl(server({ level: 'patient', baseUrl: 'https://ehr.example/fhir/' })).href).toBe(
    'https://ehr.example/fhir/Patient/$export',
  )
  expect(exportUrl(server({ level: 'group', group: 'a/b' })).href).toBe('https://ehr.example/fhir/Group/a%2Fb/$export')
})

test('GET: one list of types, filters parted and encoded, an instant without a bare plus', () => {
  const settings = server({
    types: ['Patient', 'Observation', 'Patient'],
    typeFilters: ['Observation?code=1,2&status=final', 'Patient?active=true'],
  })
  const url = getUrl(settings, exportParameters(settings, '2026-01-01T00:00:00.000Z'))
  expect(url.search).toContain('_type=Patient%2CObservation')
  expect(url.searchParams.getAll('_typeFilter')).toEqual(['Observation?code=1%2C2&status=final', 'Patient?active=true'])
  expect(url.searchParams.get('_since')).toBe('2026-01-01T00:00:00.000Z')
  const later = server({ version: '3.0', typeFilters: ['Observation?code=1,2'] })
  expect(getUrl(later, exportParameters(later, undefined)).searchParams.get('_typeFilter')).toBe('Observation?code=1,2')
})

test('POST: a Parameters resource; nothing asked is no parameter', () => {
  expect(JSON.parse(postBody(server(), exportParameters(server(), undefined)))).toEqual({
    resourceType: 'Parameters',
    parameter: [],
  })
  const few = server({
    level: 'patient',
    method: 'POST',
    version: '3.0',
    outputFormat: 'application/fhir+ndjson',
    until: '2026-02-01T00:00:00+01:00',
    patients: ['a'],
  })
  expect(JSON.parse(postBody(few, exportParameters(few, undefined)))).toEqual({
    resourceType: 'Parameters',
    parameter: [
      { name: '_outputFormat', valueString: 'application/fhir+ndjson' },
      { name: '_until', valueInstant: '2026-02-01T00:00:00+01:00' },
      { name: 'patient', valueReference: { reference: 'Patient/a' } },
    ],
  })
})

test('what a version or level does not know is refused', () => {
  expect(() => server({ patients: ['a'], method: 'POST' })).toThrow(/level patient or group/)
  expect(() => server({ patients: ['a'], level: 'patient' })).toThrow(/POST/)
  expect(() => server({ until: '2026-02-01T00:00:00Z' })).toThrow(/3\.0/)
})

test('the next pull never asks from later than the last one asked until', () => {
  expect(nextSince('2026-03-01T00:00:00Z', null, 0)).toBe('2026-03-01T00:00:00.000Z')
  expect(nextSince('2026-03-01T00:00:00Z', null, 5, '2026-02-01T00:00:00+01:00')).toBe('2026-01-31T22:55:00.000Z')
})

test('a scope is what is asked for, in any order, and nothing else', () => {
  const hash = scopeHash(server({ types: ['Patient', 'Task'] }))
  expect(scopeHash(server({ types: ['Task', 'Patient'], parallel: 1, baseUrl: 'https://ehr.example/fhir/' }))).toBe(
    hash,
  )
  for (const other of [
    {},
    { types: ['Patient'] },
    { types: ['Patient', 'Task'], typeFilters: ['Patient?active=true'] },
    { types: ['Patient', 'Task'], level: 'patient' as const },
    { types: ['Patient', 'Task'], version: '3.0' as const, until: '2026-02-01T00:00:00Z' },
  ])
    expect(scopeHash(server(other))).not.toBe(hash)
})

test('elements and associated data: as each version has them, and elements are of the scope', () => {
  const asked = server({
    elements: ['id', 'Patient.birthDate'],
    includeAssociatedData: ['x|LatestProvenanceResources'],
  })
  expect(exportParameters(asked, undefined)).toContainEqual(['_elements', 'id,Patient.birthDate'])
  const later = { ...asked, version: '4.0' as const }
  const parameters = exportParameters(later, undefined)
  expect(parameters.filter(([name]) => name === '_elements')).toHaveLength(2)
  const { parameter } = JSON.parse(postBody(later, parameters)) as { parameter: object[] }
  expect(parameter).toContainEqual({
    name: 'includeAssociatedData',
    valueCoding: { system: 'x', code: 'LatestProvenanceResources' },
  })
  expect(scopeHash(asked)).not.toBe(scopeHash({ ...asked, elements: ['id'] }))
})
