import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { CaregapError, type Diagnostic } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import { type Issue, operationOutcome } from '../report/index.ts'
import { answerResource } from './fhir-answer.ts'

/** A refusal: the status with its OperationOutcome. */
export interface Refusal {
  readonly status: ContentfulStatusCode
  readonly outcome: Resource
}

const known: Readonly<Record<string, readonly [ContentfulStatusCode, Issue['code']]>> = {
  'jobs/no-subject': [404, 'not-found'],
  'jobs/no-run': [404, 'not-found'],
  'jobs/no-report': [404, 'not-found'],
  'jobs/measure-changed': [409, 'conflict'],
  'jobs/data-changed': [409, 'conflict'],
  'jobs/unusable-group': [422, 'not-supported'],
  'jobs/no-npi': [422, 'processing'],
  'jobs/no-tin': [422, 'processing'],
  'jobs/no-component': [422, 'not-found'],
  'jobs/component-scoring': [422, 'not-supported'],
  'jobs/composite-kind': [400, 'not-supported'],
  'jobs/too-many-subjects': [422, 'too-costly'],
}

/** What a report's fault is to a caller; undefined for faults that are not of the request. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof CaregapError) || (thrown.kind !== 'input' && thrown.kind !== 'usage')) return undefined
  const [first] = thrown.diagnostics
  const [status, code] = known[first?.code ?? ''] ?? ([thrown.kind === 'usage' ? 400 : 422, 'processing'] as const)
  return { status, outcome: operationOutcome(thrown.diagnostics.map((diagnostic) => issueOf(code, diagnostic))) }
}

function issueOf(code: Issue['code'], { place, ...diagnostic }: Diagnostic): Issue {
  return { code, diagnostic, ...(place?.element === undefined ? {} : { expression: [place.element] }) }
}

/** The answer of work that may refuse; other faults go on. */
export async function orRefusal(context: Context, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (thrown) {
    const refusal = refusalOf(thrown)
    if (refusal === undefined) throw thrown
    return answerResource(context, refusal.outcome, refusal.status)
  }
}
