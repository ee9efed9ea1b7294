import type { Context } from 'hono'
import { invariant } from '../base/index.ts'
import { isObject, isResource, type Resource } from '../fhir/index.ts'

/** Media types by which NDJSON is asked for (`_outputFormat`). */
export const ndjsonTypes = ['application/fhir+ndjson', 'application/ndjson', 'ndjson'] as const

/** When an answer in files was asked for, and by which request. */
export interface BulkRequest {
  readonly transactionTime: string
  readonly request: string
}

/** An answer in files as it is kept: what a manifest tells, and the resources of its files by where it lists them. */
export function bulkAnswer(report: Resource, { transactionTime, request }: BulkRequest): Resource {
  invariant(report.resourceType === 'Parameters', 'what is answered in files is Parameters')
  const resources = partsOf(report).map(({ name, resource }) => ({
    name: name === 'outcome' ? 'error' : 'output',
    resource,
  }))
  const told = [
    { name: 'transactionTime', valueInstant: transactionTime },
    { name: 'request', valueUrl: request },
  ]
  return { resourceType: 'Parameters', parameter: [...told, ...resources] }
}

/** Whether what is kept is an answer in files: any other is a Bundle or an OperationOutcome. */
export const isBulkAnswer = ({ resourceType }: Resource): boolean => resourceType === 'Parameters'

/** The manifest (FHIR R4, asynchronous pattern): a file for each type of resource, with how many it holds. */
export function answerManifest(context: Context, kept: Resource, place: string): Response {
  const parts = partsOf(kept)
  const told = (name: string, element: string) => parts.find((part) => part.name === name)?.[element]
  const files = (list: string) => {
    const types = parts.flatMap(({ name, resource }) => (name === list ? [resource.resourceType] : []))
    return [...new Set(types)].map((type) => ({
      type,
      url: `${place}/${type}.ndjson`,
      count: types.filter((one) => one === type).length,
    }))
  }
  const manifest = {
    transactionTime: told('transactionTime', 'valueInstant'),
    request: told('request', 'valueUrl'),
    // Files are read by whoever may read this: with a token where one was needed for it.
    requiresAccessToken: context.req.header('authorization') !== undefined,
    output: files('output'),
    error: files('error'),
  }
  return context.body(JSON.stringify(manifest), 200, { 'Content-Type': 'application/json; charset=utf-8' })
}

/** One file of an answer, a resource a line; undefined where the answer has no such file. */
export function answerFile(context: Context, kept: Resource, file: string): Response | undefined {
  const lines = partsOf(kept).filter(({ resource }) => `${resource.resourceType}.ndjson` === file)
  if (lines.length === 0) return undefined
  const body = lines.map(({ resource }) => `${JSON.stringify(resource)}\n`).join('')
  return context.body(body, 200, { 'Content-Type': 'application/fhir+ndjson' })
}

interface Part extends Readonly<Record<string, unknown>> {
  readonly name: string
  readonly resource: Resource
}

const nothing: Resource = { resourceType: '' }

/** The parameters of an answer; what is no resource has one without type. */
function partsOf({ parameter }: Resource): readonly Part[] {
  const all: readonly unknown[] = Array.isArray(parameter) ? parameter : []
  return all.filter(isObject).map((part) => ({
    ...part,
    name: String(part['name']),
    resource: isResource(part['resource']) ? part['resource'] : nothing,
  }))
}
