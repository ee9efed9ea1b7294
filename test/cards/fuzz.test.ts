import * as fc from 'fast-check'
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { type FakeApplication, fakeApplication } from '../api/fake-application.ts'
import { evaluate, glycemic, medicated, prefetchOf, requestOf, result } from '../api/patient-view.ts'

// Q6 P14: whatever is sent, the answer is 200, 400 or 412, and cards never hold HTML of the record.

let application: FakeApplication
let app: Hono

beforeAll(async () => {
  application = await fakeApplication([glycemic, medicated], evaluate)
  app = await createApp({ application, host: '127.0.0.1' })
})

afterAll(() => application.close())

async function answer(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  const response = await app.request('http://127.0.0.1/cds-services/caregap-patient-view', init)
  return { status: response.status, text: await response.text() }
}

/** JSON, often with names that FHIR and CDS Hooks give a meaning to. */
const json = fc.jsonValue({ maxDepth: 4 })
const names = [
  'resourceType',
  'id',
  'entry',
  'resource',
  'subject',
  'reference',
  'link',
  'total',
  'code',
  '__proto__',
  'search',
]
const shaped = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(json, fc.constantFrom('Bundle', 'Observation', 'Patient/p1')),
)

test('any JSON as the body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, shaped), async (body) => {
      expect((await answer(JSON.stringify(body))).status).toBe(400)
    }),
  )
})

test('any text as the body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
      expect((await answer(body)).status).toBe(400)
    }),
  )
})

test('any JSON in place of any prefetch', async () => {
  const key = fc.constantFrom('patient', 'encounter', 'observation', 'medicationRequest')
  await fc.assert(
    fc.asyncProperty(key, fc.oneof(json, shaped), async (name, value) => {
      const body = requestOf({ ...prefetchOf(result(9.8)), [name]: value })
      expect([200, 400, 412]).toContain((await answer(JSON.stringify(body))).status)
    }),
  )
})

test('any JSON in place of any element of a resource', async () => {
  const element = fc.constantFrom(
    'id',
    'status',
    'subject',
    'code',
    'effectiveDateTime',
    'valueQuantity',
    'component',
    'contained',
  )
  await fc.assert(
    fc.asyncProperty(element, fc.oneof(json, shaped), async (name, value) => {
      const body = requestOf(prefetchOf({ ...result(9.8), [name]: value }))
      expect([200, 400, 412]).toContain((await answer(JSON.stringify(body))).status)
    }),
  )
})

test('any text of a record is escaped in the card', async () => {
  const hostile = fc.constantFrom(
    '<b>',
    '</td>',
    '<script>',
    '](x)',
    '`',
    '|',
    '\n',
    '\u202e',
    '**',
    'https://x',
    '&lt;',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(hostile, fc.string()), { minLength: 1, maxLength: 6 }), async (parts) => {
      const { status, text } = await answer(JSON.stringify(requestOf(prefetchOf(result(9.8, `x${parts.join('')}`)))))
      expect(status).toBe(200)
      const { cards } = JSON.parse(text) as { cards: { summary: string; detail: string }[] }
      for (const { summary, detail } of cards) {
        expect(summary).not.toMatch(/[<>\n\u202e]/)
        expect(summary.length).toBeLessThan(140)
        expect(detail).not.toMatch(/[<>\u202e]|(?<!\\)`|https:\/\//)
        const row = detail.split('\n').find((line) => line.startsWith('| x')) ?? ''
        expect(row.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(4)
      }
    }),
  )
})
