import { expect, test } from 'vitest'
import { z } from 'zod'
import { bulkServer } from '../base/bulk-config.ts'
import { exportParameters, exportUrl, getUrl, postBody, scopeHash } from './export-request.ts'

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
  expect(JSON.parse(postBody(exportParameters(server(), undefined)))).toEqual({
    resourceType: 'Parameters',
    parameter: [],
  })
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
  ])
    expect(scopeHash(server(other))).not.toBe(hash)
})
