import type { Context } from 'hono'
import { z } from 'zod'
import { isObject, isResource, type Resource } from '../fhir/index.ts'
import type { Issue } from '../report/index.ts'
import { readJsonBody } from './json-body.ts'

/** The parameters of an operation by name: texts of simple ones, resources of others, in the order given. */
export type OperationInput = Readonly<Record<string, readonly (string | Resource)[]>>

export type ReadInput<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly issues: readonly Issue[] }

/** A parameter that may be given once. */
export const once = <T extends z.ZodType>(inner: T) =>
  z
    .array(z.unknown())
    .max(1, 'is given more than once')
    .transform(([first]) => first)
    .pipe(inner)

/** A parameter that may be repeated. */
export const repeated = <T extends z.ZodType>(inner: T) => z.array(inner)

/** A simple parameter's text. */
export const text = z.string('takes a simple value')

/** A parameter that is a resource of a type. */
export const resourceOf = (type: string) =>
  z.custom<Resource>((value) => isResource(value) && value.resourceType === type, `takes a ${type} resource`)

/** A boolean as parameters write it. */
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true')

/** Parameters that the operation has and this server does not do: each is refused by name, with why. */
export type NotDone = Readonly<Record<string, string>>

/**
 * The input of an operation: the query of a GET; of a POST the Parameters in its body, and the query. Refused with every
 * fault: a body that is no Parameters, what is missing (`required`), wrong (`value`), not known (`invalid`) or known and
 * not done here (`not-supported`). A fault names the parameter, never its value.
 */
export async function readOperation<T extends z.ZodType>(
  context: Context,
  schema: T,
  notDone: NotDone = {},
): Promise<ReadInput<z.output<T>>> {
  const input = await readAll(context)
  if (!input.ok) return input
  const refused = Object.keys(input.value).flatMap((name) => {
    const reason = notDone[name]
    return reason === undefined ? [] : [issueOf('not-supported', name, reason)]
  })
  if (refused.length > 0) return { ok: false, status: 400, issues: refused }
  const parsed = schema.safeParse(input.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, status: 400, issues: parsed.error.issues.flatMap((issue) => issuesOf(issue, input.value)) }
}

async function readAll(context: Context): Promise<ReadInput<OperationInput>> {
  const input = new Map<string, (string | Resource)[]>()
  const add = (name: string, value: string | Resource) => input.set(name, [...(input.get(name) ?? []), value])
  for (const [name, values] of Object.entries(context.req.queries())) for (const value of values) add(name, value)
  if (context.req.method === 'POST') {
    const body = await readJsonBody(context.req.raw)
    if (!body.ok) return { ok: false, status: body.status, issues: [refusal(body.message, body.remedy)] }
    const parsed = parametersBody.safeParse(body.value)
    if (!parsed.success) return { ok: false, status: 400, issues: [notParameters] }
    for (const [index, parameter] of (parsed.data.parameter ?? []).entries()) {
      const value = parameterValue(parameter)
      if (value === undefined) {
        const where = `Parameters.parameter[${index}]`
        return { ok: false, status: 400, issues: [issueOf('value', where, 'has no value that is taken here')] }
      }
      add(parameter.name, value)
    }
  }
  return { ok: true, value: Object.fromEntries(input) }
}

const parametersBody = z.object({
  resourceType: z.literal('Parameters'),
  parameter: z.array(z.object({ name: z.string().min(1) }).catchall(z.unknown())).optional(),
})

/** A resource, a reference's text, or any simple value as text. */
function parameterValue(parameter: Readonly<Record<string, unknown>>): string | Resource | undefined {
  if (isResource(parameter['resource'])) return parameter['resource']
  const [, value] = Object.entries(parameter).find(([name]) => name.startsWith('value')) ?? []
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isObject(value) && typeof value['reference'] === 'string' ? value['reference'] : undefined
}

const refusal = (message: string, remedy: string): Issue => ({
  code: 'invalid',
  diagnostic: { code: 'api/invalid-body', message, remedy },
})

const notParameters = refusal(
  'The body is no Parameters resource.',
  'Send {"resourceType": "Parameters", "parameter": [{"name": ..., "value...": ...}]}.',
)

function issueOf(code: Issue['code'], name: string, message: string): Issue {
  return { code, diagnostic: { code: 'api/invalid-parameter', message: `${name}: ${message}.` }, expression: [name] }
}

function issuesOf(issue: z.core.$ZodIssue, input: OperationInput): readonly Issue[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => issueOf('invalid', key, 'is not known here'))
  const name = String(issue.path[0] ?? 'parameters')
  if (issue.path.length === 0) return [issueOf('invalid', name, issue.message)]
  const isMissing = issue.code !== 'custom' && !(name in input)
  return [isMissing ? issueOf('required', name, 'is required') : issueOf('value', name, issue.message)]
}
