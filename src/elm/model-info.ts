import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { contentHash, fault, invariant } from '../base/index.ts'

/** A CQL model (`using X version 'v'`) as its model info XML. */
export interface ModelInfo {
  readonly name: string
  readonly version: string
  /** What stands for its content in a cache key. */
  readonly stamp: string
  /** The XML; read only where a translation needs it. */
  readonly xml: () => string
}

const require = createRequire(import.meta.url)

/** FHIR 4.0.1, the model of our own libraries. Its stamp is the package's version: its megabytes are not hashed. */
export function builtInModelInfo(): ModelInfo {
  const folder = dirname(require.resolve('cql-exec-fhir/package.json'))
  const file = join(folder, 'lib', 'modelInfos', 'fhir-modelinfo-4.0.1.xml')
  invariant(existsSync(file), `cql-exec-fhir holds ${file}`)
  const { version } = require('cql-exec-fhir/package.json') as { version: string }
  return { name: 'FHIR', version: '4.0.1', stamp: `cql-exec-fhir@${version}`, xml: () => readFileSync(file, 'utf8') }
}

/** A model info from its file, plain XML or gzip. Fault: `elm/model-info-invalid` where it names no model. */
export function readModelInfo(file: string): ModelInfo {
  const bytes = readFileSync(file)
  return modelInfoOf((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), file)
}

/** A model info from its XML, with the model's url. Fault: `elm/model-info-invalid` where it names no model. */
export function modelInfoOf(xml: string, file: string): ModelInfo & { readonly url: string } {
  const root = /<(?:\w+:)?modelInfo\b[^>]*>/.exec(xml)?.[0] ?? ''
  const [name, version, url] = ['name', 'version', 'url'].map(
    (attribute) => new RegExp(` ${attribute}="([^"]*)"`).exec(root)?.[1],
  )
  if (name === undefined || version === undefined) {
    throw fault('input', 'elm/model-info-invalid', 'This file is no CQL model info: it has no name and version.', {
      place: { file },
      remedy: 'Give a model info XML file (root element modelInfo).',
    })
  }
  return { name, version, url: url ?? name, stamp: contentHash(xml), xml: () => xml }
}
