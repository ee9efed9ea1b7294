import type { Hono } from 'hono'
import { afterAll, beforeAll, expect } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { type FakeApplication, fakeApplication } from './fake-application.ts'
import { evaluate, glycemic, medicated, prefetchOf, prescription, requestOf, result } from './patient-view.ts'

// A client of the CDS service of this test file: one application over a store in memory.

export type Json = Readonly<Record<string, unknown>>

export let application: FakeApplication
let app: Hono

/** Opens the application before the tests of a file, and closes it after them. */
export function serveCds(): void {
  beforeAll(async () => {
    application = await fakeApplication([glycemic, medicated], evaluate)
    app = await createApp({ application, host: '127.0.0.1' })
  })
  afterAll(() => application.close())
}

export const service = '/cds-services/caregap-patient-view'

export const call = async (path: string, init: RequestInit = {}) => app.request(`http://127.0.0.1${path}`, init)

export const post = (body: unknown, path = service, headers: Record<string, string> = {}) =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const bodyOf = async (response: Response | Promise<Response>): Promise<Json> =>
  (await (await response).json()) as Json

export async function outcomeOf(response: Response | Promise<Response>, status: number): Promise<string> {
  const answer = await response
  expect(answer.status).toBe(status)
  const body = await bodyOf(answer)
  expect(body['resourceType']).toBe('OperationOutcome')
  return JSON.stringify(body)
}

export async function cardsOf(prefetch: unknown, more: Record<string, unknown> = {}): Promise<readonly Json[]> {
  const response = await post(requestOf(prefetch, more))
  expect(response.status).toBe(200)
  return (await bodyOf(response))['cards'] as readonly Json[]
}

/** What the extension of an answer says of each measure. */
export async function outcomesOf(response: Response | Promise<Response>): Promise<readonly Json[]> {
  const { extension } = await bodyOf(response)
  return ((extension as Json)['dev.caregap.evaluation'] as { readonly outcomes: readonly Json[] }).outcomes
}

/** Every value that CDS Hooks forbids: null, "", [] and {}, but for an empty `cards` or `services`. */
export function emptiesIn(value: unknown, path = ''): string[] {
  if (value === null || value === '') return [path]
  if (typeof value !== 'object') return []
  const children = Object.entries(value)
  if (children.length === 0) return path === '.cards' || path === '.services' ? [] : [path]
  return children.flatMap(([key, child]) => emptiesIn(child, `${path}.${key}`))
}

/** The status that the measure of prescriptions gets where its search brought these resources. */
export async function medicationStatus(...resources: readonly Json[]): Promise<unknown> {
  const medicationRequest = { resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) }
  const outcomes = await outcomesOf(post(requestOf({ ...prefetchOf(result(5)), medicationRequest })))
  return outcomes.find(({ measure }) => String(measure).includes('medicated'))?.['status']
}

/** A prescription that names its medication by nothing. */
export function namelessPrescription(): Json {
  const { medicationCodeableConcept: _left, ...bare } = prescription
  return bare
}

/** The request without one of its elements. */
export function requestWithout(key: string): Json {
  const { [key]: _left, ...rest } = requestOf(prefetchOf())
  return rest
}

/** Cards as text, without what must differ from call to call. */
export const withoutUuids = (cards: readonly Json[]): string => JSON.stringify(cards).replaceAll(/"uuid":"[^"]*"/g, '')
