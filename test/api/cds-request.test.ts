import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { discoveryOf } from '../../src/cards/index.ts'
import {
  bodyOf,
  call,
  cardsOf,
  emptiesIn,
  type Json,
  outcomeOf,
  post,
  requestWithout,
  serveCds,
  service,
} from './cds-client.ts'
import { fakeApplication } from './fake-application.ts'
import { evaluate, prefetchOf, requestOf, result } from './patient-view.ts'

// Names carry the row numbers of the requirement table; docs/cds-hooks.md lists them.

serveCds()

describe('discovery', () => {
  test('D1 D2 D3 D4 D5 D6 D8 D9 D10 D11 G1: the service is described, in JSON', async () => {
    const response = await call('/cds-services')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const { services } = (await bodyOf(response)) as { services: Json[] }
    expect(services.map(({ hook }) => hook)).toEqual([
      'patient-view',
      'appointment-book',
      'encounter-start',
      'encounter-discharge',
    ])
    expect(new Set(services.map(({ id }) => id)).size).toBe(4)
    expect(services[0]).toMatchObject({
      hook: 'patient-view',
      hookVersion: '1.0',
      id: 'caregap-patient-view',
      title: 'Care gaps',
      version: '2.0.1',
    })
    expect(typeof services[0]?.['description']).toBe('string')
    expect(emptiesIn({ services })).toEqual([])
  })

  test('D3: where there is no service at all, the list is empty and still there', () => {
    expect(discoveryOf([])).toEqual({ services: [] })
  })

  test('D6: the id of every service is a path segment as it stands, and its endpoint answers', async () => {
    const { services } = (await bodyOf(call('/cds-services'))) as { services: { id: string; hook: string }[] }
    for (const { id, hook } of services) {
      expect(id).toMatch(/^[A-Za-z0-9._-]+$/)
      expect(await outcomeOf(post({ hook }, `/cds-services/${id}`), 400)).toContain('hookInstance')
    }
  })

  test('D3: with no measure installed discovery answers, and the service has nothing to ask for but the patient', async () => {
    const empty = await fakeApplication([], evaluate)
    const bare = await createApp({ application: empty, host: '127.0.0.1' })
    const body = await bodyOf(bare.request('http://127.0.0.1/cds-services'))
    expect(Array.isArray(body['services'])).toBe(true)
    await empty.close()
  })

  test('D12 P1 P2 P3 P4 P5 P7: templates are relative reads and searches of the restricted subset, by root tokens, and none builds on another', async () => {
    const { services } = (await bodyOf(call('/cds-services'))) as { services: { prefetch: Record<string, string> }[] }
    const prefetch = services[0]?.prefetch ?? {}
    expect(prefetch).toEqual({
      patient: 'Patient/{{context.patientId}}',
      encounter: 'Encounter?patient={{context.patientId}}',
      medicationRequest: 'MedicationRequest?patient={{context.patientId}}',
      observation: 'Observation?patient={{context.patientId}}',
      serviceRequest: 'ServiceRequest?patient={{context.patientId}}',
    })
    for (const template of Object.values(prefetch)) {
      expect(template.match(/\{\{[^}]*\}\}/g)).toEqual(['{{context.patientId}}'])
      expect(template).not.toMatch(/\d{4}|https?:/)
      expect(template.length).toBeLessThan(200)
    }
  })

  test.each([
    ['unknown', '/cds-services/unknown'],
    ['traversal', '/cds-services/..%2f..%2fetc%2fpasswd'],
    ['NUL', '/cds-services/caregap%00'],
    ['long', `/cds-services/${'a'.repeat(4096)}`],
    ['prototype', '/cds-services/__proto__'],
  ])('D13: an id that is %s is 404', async (_, path) => {
    await outcomeOf(post(requestOf(prefetchOf()), path), 404)
  })

  test('D13 S: a wrong method is 405 and says which are right', async () => {
    for (const [path, method] of [
      [service, 'GET'],
      [service, 'DELETE'],
      ['/cds-services', 'POST'],
    ] as const) {
      const response = await call(path, { method })
      expect(response.headers.get('allow')).toContain(method === 'POST' ? 'GET' : 'POST')
      await outcomeOf(response, 405)
    }
  })
})

describe('request', () => {
  const context = { userId: 'Practitioner/example', patientId: 'p1' }

  test.each([
    ['Q1 no hook', requestWithout('hook'), 'hook'],
    ['Q1 no hookInstance', requestWithout('hookInstance'), 'hookInstance'],
    ['Q1 no context', requestWithout('context'), 'context'],
    ['Q1 a hookInstance that is no UUID', { ...requestOf(prefetchOf()), hookInstance: 'abc' }, 'hookInstance'],
    [
      'Q2 fhirAuthorization without fhirServer',
      requestOf(prefetchOf(), { fhirAuthorization: { access_token: 't' } }),
      'fhirServer',
    ],
    ['Q3 another hook', { ...requestOf(prefetchOf()), hook: 'order-sign' }, 'hook'],
    ['Q4 no userId', { ...requestOf(prefetchOf()), context: { patientId: 'p1' } }, 'context.userId'],
    [
      'Q4 a userId of a type that the hook does not have',
      { ...requestOf(prefetchOf()), context: { ...context, userId: 'Device/1' } },
      'context.userId',
    ],
    ['Q4 no patientId', { ...requestOf(prefetchOf()), context: { userId: 'Practitioner/1' } }, 'context.patientId'],
    [
      'Q4 a patientId of another type',
      { ...requestOf(prefetchOf()), context: { ...context, patientId: 7 } },
      'context.patientId',
    ],
    [
      'Q4 an encounterId of another type',
      { ...requestOf(prefetchOf()), context: { ...context, encounterId: {} } },
      'context.encounterId',
    ],
    ['Q1 prefetch that is a list', requestOf([]), 'prefetch'],
  ])('%s is 400 and names the element', async (_, body, element) => {
    expect(await outcomeOf(post(body), 400)).toContain(`"expression":["${element}"]`)
  })

  test.each([
    ['empty', ''],
    ['malformed', '{"hook":'],
    ['a string', '"patient-view"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['with a trailing comma', '{"hook":"patient-view",}'],
  ])('Q6: a body that is %s is 400', async (_, body) => {
    await outcomeOf(post(body), 400)
  })

  test('Q6: bytes that are no UTF-8 are 400', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([123, 255, 125]),
    }
    await outcomeOf(call(service, init), 400)
  })

  test.each(['text/plain', 'application/xml', 'multipart/form-data', 'application/json; charset=latin1'])(
    'Q6 S: the media type %s is 415',
    async (type) => {
      await outcomeOf(post(requestOf(prefetchOf()), service, { 'content-type': type }), 415)
    },
  )

  test.each([
    ['arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('Q6: nesting of 100,000 %s is 400, wherever it stands in a request that is valid but for it', async (_, deep) => {
    const places = [
      requestOf(prefetchOf(), { extension: { deep: 'HERE' } }),
      requestOf({ ...prefetchOf(), unasked: 'HERE' }),
      requestOf(prefetchOf({ ...result(9.8), extension: 'HERE' })),
    ]
    for (const place of places) await outcomeOf(post(JSON.stringify(place).replace('"HERE"', deep)), 400)
    await outcomeOf(post(deep), 400)
  })

  test('Q6: brackets within texts are no nesting', async () => {
    const texts = ['['.repeat(1000), '\\"[{'.repeat(300)]
    expect((await post(requestOf(prefetchOf(result(9.8)), { extension: { texts } }))).status).toBe(200)
  })

  test('Q6: __proto__ and constructor as keys change nothing', async () => {
    const body = JSON.stringify(requestOf(prefetchOf(result(9.8)))).replace(
      '{',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    )
    const response = await post(body.replace('"prefetch":{', '"prefetch":{"__proto__":{"resourceType":"Bundle"},'))
    expect(response.status).toBe(200)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(({} as Json)['polluted']).toBeUndefined()
  })

  test('Q6: a prefetch key that is only in the prototype was not sent', async () => {
    const { observation: _left, ...prefetch } = prefetchOf()
    const body = JSON.stringify(requestOf(prefetch)).replace(
      '"prefetch":{',
      '"prefetch":{"__proto__":{"observation":null},',
    )
    const { extension } = (await bodyOf(post(body))) as { extension: Json }
    expect(JSON.stringify(extension)).toContain('The prefetch \\"observation\\" was not sent')
  })

  test('Q5: unknown fields, extensions and prefetch keys that nobody asked for do no harm', async () => {
    const prefetch = { ...prefetchOf(result(9.8)), extra: { resourceType: 'Nonsense' }, other: 'text' }
    const cards = await cardsOf(prefetch, { extension: { 'com.example.x': { y: 1 } }, unknown: [1] })
    expect(cards).toHaveLength(1)
  })

  test('Q7: what real clients send is accepted: references for ids, a user by role, a declared charset, chunks', async () => {
    const tolerated = { userId: 'PractitionerRole/7', patientId: 'Patient/p1', encounterId: 'Encounter/e1' }
    const body = JSON.stringify({ ...requestOf(prefetchOf(result(9.8))), context: tolerated })
    const chunked = new ReadableStream({
      start(controller) {
        for (const part of body.match(/.{1,100}/gs) ?? []) controller.enqueue(new TextEncoder().encode(part))
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    const init = { method: 'POST', headers, body: chunked, duplex: 'half' }
    expect((await call(service, init as RequestInit)).status).toBe(200)
  })

  test('S: an Accept that leaves no JSON is 406', async () => {
    await outcomeOf(post(requestOf(prefetchOf()), service, { accept: 'text/html' }), 406)
    expect((await post(requestOf(prefetchOf()), service, { accept: 'text/html, */*;q=0.1' })).status).toBe(200)
  })
})
