// What a population is evaluated by: published measures where CAREGAP_PUBLISHED_CONTENT names a folder with `cql` and
// `measure` (and CAREGAP_TEST_DATA one with `ecqm/valuesets.ndjson.gz` and `modelinfo`), else the project's own.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { root } from '../../bin/setup.mjs'

/** The five of APP Plus, by the number that their ids hold. */
const appPlus = /^CMS(122|125|130|165|2)FHIR/

const published = process.env.CAREGAP_PUBLISHED_CONTENT ?? ''
export const isPublished = published !== '' && existsSync(join(published, 'measure'))
const testData = process.env.CAREGAP_TEST_DATA ?? resolve(root, '..', 'shared', 'data')

const unquoted = String.raw`(?:"([^"]+)"|([\w.]+))`
const header = new RegExp(String.raw`^library\s+${unquoted}(?:\s+version\s+'([^']+)')?`, 'm')
const includes = new RegExp(String.raw`^include\s+${unquoted}(?:\s+version\s+'([^']+)')?`, 'gm')

function readSources() {
  const files = readdirSync(join(published, 'cql')).filter((file) => file.endsWith('.cql'))
  return files.map((file) => {
    const text = readFileSync(join(published, 'cql', file), 'utf8')
    const found = header.exec(text) ?? []
    return { name: found[1] ?? found[2], version: found[3], text }
  })
}

const readValueSets = () =>
  gunzipSync(readFileSync(join(testData, 'ecqm', 'valuesets.ndjson.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** A measure as it is published: the Measure, its library and all that this includes, and the value sets that they name. */
function bundleOf(id, sources, valueSets) {
  const libraries = new Map()
  const add = (name, version) => {
    const source = sources.find((one) => one.name === name && (version ?? one.version) === one.version)
    if (source === undefined || libraries.has(`${name}|${source.version}`)) return
    libraries.set(`${name}|${source.version}`, source)
    for (const [, quoted, plain, wanted] of source.text.matchAll(includes)) add(quoted ?? plain, wanted)
  }
  add(id)
  const logic = [...libraries.values()]
  const sets = valueSets.filter(({ url }) => logic.some(({ text }) => text.includes(`'${url}'`)))
  const resources = [
    JSON.parse(readFileSync(join(published, 'measure', `${id}.json`), 'utf8')),
    ...logic.map(({ name, version, text }) => ({
      resourceType: 'Library',
      id: name,
      url: `https://madie.cms.gov/Library/${name}`,
      version,
      name,
      status: 'active',
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }] },
      content: [{ contentType: 'text/cql', data: Buffer.from(text).toString('base64') }],
    })),
    ...sets.map(({ codes, ...set }) => ({
      resourceType: 'ValueSet',
      ...set,
      status: 'active',
      expansion: { total: codes.length, contains: codes.map(([system, code]) => ({ system, code })) },
    })),
  ]
  return { resourceType: 'Bundle', type: 'transaction', entry: resources.map((resource) => ({ resource })) }
}

/** Installs what the store does not have yet; gives all measures, the five first. */
export async function installContent(store) {
  const { loadContent, addPackage } = await import('../../dist/content/index.js')
  if (!isPublished) return { content: await loadContent(), isOfFive: () => true }
  const { systemClock } = await import('../../dist/base/index.js')
  const context = { session: store.session }
  const ids = readdirSync(join(published, 'measure')).map((file) => file.replace(/\.json$/, ''))
  const known = new Set((await loadContent(context)).measures.map((measure) => measure.id))
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0) {
    const folder = mkdtempSync(join(tmpdir(), 'caregap-content-'))
    try {
      await added(addPackage(join(testData, 'modelinfo'), context, systemClock))
      const [sources, valueSets] = [readSources(), readValueSets()]
      for (const id of missing) {
        const file = join(folder, `${id}.json`)
        writeFileSync(file, JSON.stringify(bundleOf(id, sources, valueSets)))
        await added(addPackage(file, context, systemClock))
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return { content: await loadContent({ ...context, ids }), isOfFive: ({ id }) => appPlus.test(id) }
}

async function added(adding) {
  const result = await adding
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
}
