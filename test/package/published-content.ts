import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../../src/base/index.ts'
import { cqlSource } from '../../src/elm/index.ts'
import { base64 } from './package-kit.ts'

/** Public test data, and the published CQL and Measures that are no part of the project (folders `cql`, `measure`). */
export const testData = process.env['CAREGAP_TEST_DATA'] ?? resolve(projectRoot, '../shared/data')
const published = process.env['CAREGAP_PUBLISHED_CONTENT'] ?? ''
export const isPublishedThere = published !== '' && existsSync(published) && existsSync(join(testData, 'ecqm'))

/** The JSON lines of a compressed file of the official data. */
export const linesOf = (...path: readonly string[]): readonly unknown[] =>
  gunzipSync(readFileSync(join(testData, 'ecqm', ...path)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

/** The measures of the list whose Measure is there. */
export function publishedMeasures(): readonly string[] {
  if (!isPublishedThere) return []
  const listed = readFileSync(join(testData, 'ecqm', 'dev-measures.txt'), 'utf8').split('\n')
  return listed.map((line) => line.trim()).filter((id) => existsSync(join(published, 'measure', `${id}.json`)))
}

const sources = isPublishedThere
  ? readdirSync(join(published, 'cql'))
      .map((file) => cqlSource(readFileSync(join(published, 'cql', file), 'utf8'), file))
      .filter(({ name }) => name !== '')
  : []

/**
 * A measure as it is published: the Measure, its library and all that this includes, each as a Library with CQL, and the
 * value sets that they name.
 */
export function publishedPackage(measureId: string): readonly object[] {
  const measure = JSON.parse(readFileSync(join(published, 'measure', `${measureId}.json`), 'utf8')) as object
  const found = new Map<string, (typeof sources)[number]>()
  const add = (name: string, version: string | undefined): void => {
    const source = sources.find((one) => one.name === name && (version ?? one.version) === one.version)
    if (source === undefined || found.has(`${name}|${source.version ?? ''}`)) return
    found.set(`${name}|${source.version ?? ''}`, source)
    for (const include of source.header.includes) add(include.name, include.version)
  }
  add(measureId, undefined)
  const libraries = [...found.values()]
  const sets = officialValueSets().filter(({ url }) => libraries.some(({ text }) => text.includes(`'${url}'`)))
  return [measure, ...libraries.map(libraryOf), ...sets]
}

const libraryOf = ({ name, version, text }: (typeof sources)[number]) => ({
  resourceType: 'Library',
  id: name,
  url: `https://madie.cms.gov/Library/${name}`,
  version,
  name,
  status: 'active',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }] },
  content: [{ contentType: 'text/cql', data: base64(text) }],
})

interface ValueSetLine {
  readonly url: string
  readonly version?: string
  readonly title?: string
  readonly codes: readonly (readonly [string, string])[]
}

let valueSets: readonly { readonly url: string }[] | undefined

/** The official value sets as FHIR, expanded. */
const officialValueSets = () =>
  (valueSets ??= (linesOf('valuesets.ndjson.gz') as readonly ValueSetLine[]).map(({ codes, ...set }) => ({
    resourceType: 'ValueSet',
    ...set,
    status: 'active',
    expansion: { total: codes.length, contains: codes.map(([system, code]) => ({ system, code })) },
  })))
