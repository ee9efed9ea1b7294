// Published measures as packages: from a folder with `cql` and `measure`, and the official value sets of the test data.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const unquoted = String.raw`(?:"([^"]+)"|([\w.]+))`
const header = new RegExp(String.raw`^library\s+${unquoted}(?:\s+version\s+'([^']+)')?`, 'm')
const includes = new RegExp(String.raw`^include\s+${unquoted}(?:\s+version\s+'([^']+)')?`, 'gm')

/** The JSON lines of a compressed file. */
export const jsonLines = (file) =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/**
 * Gives, by a measure's id, the measure as it is published: a Bundle of the Measure, its library and all that this
 * includes, and the value sets that they name.
 */
export function publishedBundles(content, data) {
  const sources = readdirSync(join(content, 'cql'))
    .filter((file) => file.endsWith('.cql'))
    .map((file) => {
      const text = readFileSync(join(content, 'cql', file), 'utf8')
      const found = header.exec(text) ?? []
      return { name: found[1] ?? found[2], version: found[3], text }
    })
  const valueSets = jsonLines(join(data, 'ecqm', 'valuesets.ndjson.gz'))
  return (id) => {
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
      JSON.parse(readFileSync(join(content, 'measure', `${id}.json`), 'utf8')),
      ...logic.map(libraryOf),
      ...sets.map(expandedSet),
    ]
    return { resourceType: 'Bundle', type: 'transaction', entry: resources.map((resource) => ({ resource })) }
  }
}

const libraryOf = ({ name, version, text }) => ({
  resourceType: 'Library',
  id: name,
  url: `https://madie.cms.gov/Library/${name}`,
  version,
  name,
  status: 'active',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }] },
  content: [{ contentType: 'text/cql', data: Buffer.from(text).toString('base64') }],
})

const expandedSet = ({ codes, ...set }) => ({
  resourceType: 'ValueSet',
  ...set,
  status: 'active',
  expansion: { total: codes.length, contains: codes.map(([system, code]) => ({ system, code })) },
})
