import { type BulkServer, contentHash, type JsonValue } from '../base/index.ts'
import { baseOf } from './server-address.ts'

/** What a kick-off asks for, in the words of the operation's parameters: `[name, value]`, repeats allowed. */
export type ExportParameters = readonly (readonly [name: string, value: string])[]

/** The operation's URL: system, patient or group level. */
export function exportUrl(server: BulkServer): URL {
  const level = { system: '', patient: 'Patient/', group: `Group/${encodeURIComponent(server.group ?? '')}/` }
  return new URL(`${level[server.level]}$export`, baseOf(server))
}

/** Before 4.0 a list goes in one parameter: servers exist that read only the first. */
function listOf({ version }: BulkServer, name: string, values: readonly string[]): ExportParameters {
  const each = [...new Set(values)]
  if (version === '4.0') return each.map((value) => [name, value] as const)
  return each.length === 0 ? [] : [[name, each.join(',')]]
}

/** The parameters of an export. */
export function exportParameters(server: BulkServer, since: string | undefined): ExportParameters {
  return [
    ...(server.outputFormat === undefined ? [] : [['_outputFormat', server.outputFormat] as const]),
    ...(since === undefined ? [] : [['_since', since] as const]),
    ...(server.until === undefined ? [] : [['_until', server.until] as const]),
    ...listOf(server, '_type', server.types ?? []),
    ...server.typeFilters.map((filter) => ['_typeFilter', filter] as const),
    ...listOf(server, '_elements', server.elements ?? []),
    ...server.includeAssociatedData.map((data) => ['includeAssociatedData', data] as const),
    ...(server.patients ?? []).map((id) => ['patient', `Patient/${id}`] as const),
  ]
}

/** The URL of a kick-off by GET. Commas inside a filter are encoded twice for 2.0, where they part filters. */
export function getUrl(server: BulkServer, parameters: ExportParameters): URL {
  const url = exportUrl(server)
  const query = parameters.map(([name, value]) => {
    const text = name === '_typeFilter' && server.version === '2.0' ? value.replaceAll(',', '%2C') : value
    return `${name}=${encodeURIComponent(text)}`
  })
  url.search = query.join('&')
  return url
}

/** The body of a kick-off by POST: a Parameters resource. */
export function postBody({ version }: BulkServer, parameters: ExportParameters): string {
  const parameter = parameters.map(([name, value]) => {
    if (name === '_since' || name === '_until') return { name, valueInstant: value }
    if (name === 'includeAssociatedData') return { name, ...(version === '4.0' ? coding(value) : { valueCode: value }) }
    return name === 'patient' ? { name, valueReference: { reference: value } } : { name, valueString: value }
  })
  return JSON.stringify({ resourceType: 'Parameters', parameter })
}

/** From 4.0 on a Coding, here as `system|code` or the code alone. */
function coding(text: string) {
  const [code = '', system] = text.split('|').reverse()
  return { valueCoding: { ...(system === undefined ? {} : { system }), code } }
}

/** What is asked for, whenever: a watermark holds for it alone. Another level, group, type or filter is another scope. */
export function scopeHash(server: BulkServer): string {
  const { level, group = '', types, typeFilters, includeAssociatedData, until = '', patients, elements } = server
  return contentHash(
    baseOf(server).href,
    level,
    group,
    types === undefined ? '*' : [...types].sort().join(),
    [...typeFilters].sort().join('\n'),
    [...includeAssociatedData].sort().join(),
    ...(elements === undefined ? [] : [`elements ${[...elements].sort().join()}`]),
    ...(until === '' && patients === undefined ? [] : [until, [...(patients ?? ['*'])].sort().join()]),
  ).slice(0, 16)
}

/** The request as it is kept and shown. */
export function describeRequest(server: BulkServer, parameters: ExportParameters): JsonValue {
  return {
    method: server.method,
    url: exportUrl(server).href,
    parameters: parameters.map(([name, value]) => `${name}=${value}`),
  }
}
