import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig, projectRoot } from '../../src/base/index.ts'
import { newFolder } from './pulled.ts'

function load(bulk: object) {
  const file = join(newFolder(), 'caregap.config.json')
  writeFileSync(file, JSON.stringify({ sources: [{ name: 'lakeside', bulk }] }))
  return loadConfig(file)
}

test('the examples of the documentation are accepted', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'configuration.md'), 'utf8')
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json ?? '')
  expect(examples.length).toBeGreaterThan(1)
  for (const example of examples) {
    const file = join(newFolder(), 'caregap.config.json')
    writeFileSync(file, example)
    expect(loadConfig(file).sources.length).toBeGreaterThan(0)
  }
})

test('files of secrets lie beside the configuration that names them', () => {
  const file = join(newFolder(), 'caregap.config.json')
  const baseUrl = 'https://ehr.example/fhir'
  const auth = { kind: 'bearer', token: { file: 'secrets/token' } }
  writeFileSync(file, JSON.stringify({ sources: [{ name: 'lakeside', bulk: { baseUrl, level: 'system', auth } }] }))
  const resolved = loadConfig(file).sources[0]?.bulk?.auth
  expect(resolved).toEqual({ kind: 'bearer', token: { file: join(file, '..', 'secrets', 'token') } })
})

test.each([
  ['a group level without a group', { baseUrl: 'https://ehr.example/fhir' }, 'group'],
  ['a group at another level', { baseUrl: 'https://ehr.example/fhir', level: 'system', group: 'g' }, 'group'],
  ['a base that is no web address', { baseUrl: 'ftp://ehr.example', level: 'system' }, 'baseUrl'],
  ['a type that is none', { baseUrl: 'https://ehr.example', level: 'system', types: ['patient'] }, 'types'],
  [
    'a secret in the open',
    { baseUrl: 'https://e.example', level: 'system', auth: { kind: 'bearer', token: 'x' } },
    'auth',
  ],
  [
    'a header that the client sets',
    { baseUrl: 'https://e.example', level: 'system', headers: { Authorization: { env: 'X' } } },
    'headers',
  ],
  ['a key that is not known', { baseUrl: 'https://ehr.example', level: 'system', colour: 'red' }, 'bulk'],
])('%s is refused with its name', (_name, bulk, key) => {
  expect(() => load(bulk)).toThrow(`sources.0.bulk${key === 'bulk' ? '' : `.${key}`}`)
})
