import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultConfig, loadConfig } from './config.ts'
import { CaregapError } from './error.ts'

const folder = mkdtempSync(join(tmpdir(), 'caregap-config-'))

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

function faultOf(work: () => unknown): CaregapError {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof CaregapError) return thrown
  }
  return expect.unreachable('no fault was thrown')
}

test('the defaults bind to loopback and join nobody', () => {
  expect(defaultConfig.server.host).toBe('127.0.0.1')
  expect(defaultConfig.identity.identifierSystems).toEqual([])
  expect(defaultConfig.ingest.maxLineBytes).toBe(64 * 1024 * 1024)
})

test('paths are resolved against the file that names them', () => {
  const config = loadConfig(fileOf('good.json', '{"roster":"roster.csv","terminology":["vs"]}'))
  expect(config.roster).toBe(join(folder, 'roster.csv'))
  expect(config.terminology).toEqual([join(folder, 'vs')])
})

test('every wrong key is named, and the input is refused', () => {
  const fault = faultOf(() => loadConfig(fileOf('bad.json', '{"sources":[{"name":"Has Space"}],"colour":1}')))
  expect(fault.exitCode).toBe(3)
  expect(fault.message).toContain('sources.0.name')
  expect(fault.message).toContain('colour')
})

test('a time zone that does not exist is named', () => {
  const text = '{"timeZone":"America/Chicaco","sources":[{"name":"a","timeZone":"Mars/Base"}]}'
  const fault = faultOf(() => loadConfig(fileOf('zone.json', text)))
  expect(fault.message).toMatch(/sources\.0\.timeZone: .*; timeZone: no IANA/)
})

test('a file that is not JSON, and one that is missing, are refused with the file', () => {
  expect(faultOf(() => loadConfig(fileOf('cut.json', '{"sources":'))).diagnostics[0]?.place?.file).toContain('cut.json')
  expect(faultOf(() => loadConfig(join(folder, 'absent.json'))).diagnostics[0]?.code).toBe('base/config-unreadable')
})
