import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { type AccessControl, localDirectory, mountRoutes, type Role, type Route } from '../../src/access/index.ts'
import { CaregapError, fault } from '../../src/base/index.ts'
import { bearer, openServer, users } from './server.ts'

const people: readonly Role[] = ['admin', 'quality']

const full = () => Promise.reject(fault('system', 'duck/disk-full', 'full'))

const patientRoute: Route = {
  method: 'GET',
  path: '/people/:pid',
  rule: { kind: 'patient', roles: people, action: 'read-person' },
  handle(context, scope) {
    scope.read({ pids: [Number(context.req.param('pid'))], measureId: 'm1' })
    return context.json({ pid: context.req.param('pid') })
  },
}

const listRoute: Route = {
  method: 'GET',
  path: '/people',
  rule: { kind: 'patient', roles: people, action: 'list-people' },
  handle(context, scope) {
    scope.read({ pids: [2, 1, 2] })
    return context.text('1, 2')
  },
}

const forgetful: Route = { ...listRoute, path: '/forgetful', handle: (context) => context.text('Jane Roe') }

const countRoute: Route = {
  method: 'GET',
  path: '/counts',
  rule: { kind: 'aggregate', roles: ['quality', 'analyst'] },
  handle: (context, scope) => context.json({ user: scope.principal.userId }),
}

const publicRoute: Route = { ...countRoute, path: '/health', rule: { kind: 'public' } }

describe('a route without a rule', () => {
  test('does not compile, and is refused where routes are mounted', () => {
    // @ts-expect-error A route without a rule must not compile.
    const bare: Route = { method: 'GET', path: '/bare', handle: (context) => context.text('data') }
    const mount = () => mountRoutes(new Hono(), [publicRoute, bare], {} as AccessControl)
    expect(mount).toThrow(CaregapError)
    expect(mount).toThrow(/The route GET \/bare has no access rule/)
  })

  test.each([
    { kind: 'patient', roles: [], action: 'read' },
    { kind: 'patient', roles: ['quality'], action: '' },
    { kind: 'aggregate', roles: ['somebody'] },
    { kind: 'open' },
  ])('so is a rule that says nothing: %o', (rule) => {
    const route = { ...publicRoute, rule: rule as Route['rule'] }
    expect(() => mountRoutes(new Hono(), [route], {} as AccessControl)).toThrow(/has no access rule/)
  })

  test('two routes on one method and path are refused', () => {
    expect(() => mountRoutes(new Hono(), [publicRoute, publicRoute], {} as AccessControl)).toThrow(/declared twice/)
  })
})

describe('who may call', () => {
  test('a public route needs no login', async () => {
    const { app } = await openServer([publicRoute], users)
    expect(await (await app.request('/health')).json()).toEqual({ user: 'anonymous' })
  })

  test('without a token the answer is 401 and says nothing of the data', async () => {
    const { app, auditRows } = await openServer([patientRoute], users)
    const response = await app.request('/people/1')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Basic')
    expect(await response.json()).toMatchObject({ error: 'Log in first.', diagnostics: [] })
    expect(await auditRows()).toMatchObject([{ userId: 'anonymous', outcome: 'denied', pids: [] }])
  })

  test.each(['Bearer wrong', 'Bearer', 'Basic !!', `Basic ${btoa('nurse:chief-token')}`, 'Digest chief-token'])(
    'the header %s opens nothing',
    async (authorization) => {
      const { app } = await openServer([patientRoute], users)
      expect((await app.request('/people/1', { headers: { authorization } })).status).toBe(401)
    },
  )

  test('a browser logs in with user id and token', async () => {
    const { app } = await openServer([patientRoute], users)
    const authorization = `Basic ${btoa('chief:chief-token')}`
    expect((await app.request('/people/1', { headers: { authorization } })).status).toBe(200)
  })

  test('a role that the rule does not name gets 403, before the handler runs', async () => {
    let ran = false
    const spied: Route = { ...patientRoute, handle: (context) => ((ran = true), context.text('')) }
    const { app, auditRows } = await openServer([spied], users)
    expect((await app.request('/people/1', bearer('counter-token'))).status).toBe(403)
    expect(ran).toBe(false)
    expect(await auditRows()).toMatchObject([{ userId: 'counter', role: 'analyst', outcome: 'denied' }])
  })
})

describe('audit', () => {
  test('one row per request, with user, action, route pattern and people', async () => {
    const { app, auditRows } = await openServer([patientRoute], users)
    const response = await app.request('/people/2?name=x', bearer('chief-token'))
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await auditRows()).toEqual([
      {
        readAt: '2026-03-01T10:00:00.000Z',
        requestId: response.headers.get('x-request-id'),
        userId: 'chief',
        role: 'quality',
        action: 'read-person',
        route: 'GET /people/:pid',
        measureId: 'm1',
        pids: [2],
        outcome: 'read',
      },
    ])
  })

  test('people are listed once, ascending', async () => {
    const { app, auditRows } = await openServer([listRoute], users)
    await app.request('/people', bearer('chief-token'))
    expect((await auditRows())[0]?.pids).toEqual([1, 2])
  })

  test('many requests at once leave as many rows', async () => {
    const { app, auditRows } = await openServer([listRoute], users)
    await Promise.all(Array.from({ length: 40 }, async () => app.request('/people', bearer('chief-token'))))
    const rows = await auditRows()
    expect(new Set(rows.map((row) => row.requestId)).size).toBe(40)
  })

  test('an answer that nobody could write down does not go out', async () => {
    const broken = { record: full, note: full, close: () => Promise.resolve() }
    const { app } = await openServer([listRoute], users, { audit: broken })
    const response = await app.request('/people', bearer('chief-token'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('1, 2')
  })

  test('a patient route that never says whom it read is answered 500, logged and audited', async () => {
    const { app, log, auditRows } = await openServer([forgetful], users)
    const response = await app.request('/forgetful', bearer('chief-token'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('Jane')
    expect(log.join()).toContain('answered-without-read')
    expect(await auditRows()).toMatchObject([{ outcome: 'failed' }])
  })

  test('a route for counts that reads people is answered 500', async () => {
    const counting: Route = { ...listRoute, path: '/counts', rule: countRoute.rule }
    const { app, log } = await openServer([counting], users)
    expect((await app.request('/counts', bearer('chief-token'))).status).toBe(500)
    expect(log.join()).toContain('access/read-outside-rule')
  })

  test('a handler that throws leaves a row, and neither log nor answer quotes what was thrown', async () => {
    const failing: Route = {
      ...listRoute,
      handle(_, scope) {
        scope.read({ pids: [1] })
        JSON.parse('Jane Roe')
        return new Response()
      },
    }
    const { app, log, auditRows } = await openServer([failing], users)
    const response = await app.request('/people', bearer('chief-token'))
    expect(response.status).toBe(500)
    expect(`${await response.text()}${log.join()}`).not.toContain('Jane')
    expect(log.join()).toContain('mount-routes.test.ts')
    expect(await auditRows()).toMatchObject([{ outcome: 'failed', pids: [1] }])
  })
})

describe('practice limits', () => {
  test('a person of another practice is refused before the handler runs, and the refusal is audited', async () => {
    let ran = false
    const spied: Route = { ...patientRoute, handle: (context) => ((ran = true), context.text('')) }
    const { app, auditRows } = await openServer([spied], users)
    expect((await app.request('/people/2', bearer('nurse-token'))).status).toBe(403)
    expect(ran).toBe(false)
    expect(await auditRows()).toMatchObject([{ userId: 'nurse', outcome: 'denied' }])
  })

  test('their own people are answered', async () => {
    const { app } = await openServer([patientRoute], users)
    expect((await app.request('/people/1', bearer('nurse-token'))).status).toBe(200)
  })

  test('a list that holds one hidden person does not go out at all', async () => {
    const { app, auditRows } = await openServer([listRoute], users)
    const response = await app.request('/people', bearer('nurse-token'))
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('1, 2')
    expect(await auditRows()).toMatchObject([{ outcome: 'denied', pids: [1, 2] }])
  })
})

describe('browsers', () => {
  const post: Route = { ...publicRoute, method: 'POST', path: '/note' }

  test('every answer carries a strict policy', async () => {
    const { app } = await openServer([publicRoute], users)
    for (const path of ['/health', '/nowhere']) {
      const { headers } = await app.request(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
    }
  })

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'https://elsewhere.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }, 200],
    [{ origin: 'http://localhost' }, 200],
    [{}, 200],
  ])('a change with %o is answered %i', async (headers, status) => {
    const { app } = await openServer([post], users)
    expect((await app.request('/note', { method: 'POST', headers: headers as Record<string, string> })).status).toBe(
      status,
    )
  })

  test('a route that says so takes data from other origins', async () => {
    const { app } = await openServer([{ ...post, crossOrigin: true }], users)
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://ehr.example' }
    expect((await app.request('/note', { method: 'POST', headers })).status).toBe(200)
  })

  test.each([
    ['localhost:8095', 200],
    ['127.0.0.1:8095', 200],
    ['[::1]:8095', 200],
    ['rebound.example:8095', 421],
    ['127.0.0.1.rebound.example', 421],
  ])('without a login, the host %s is answered %i', async (host, status) => {
    const { app } = await openServer([patientRoute], localDirectory)
    expect((await app.request('/people/1', { headers: { host } })).status).toBe(status)
  })

  test('behind a login the name of the host is free: a proxy may stand in front', async () => {
    const { app } = await openServer([publicRoute], users)
    expect((await app.request('/health', { headers: { host: 'caregap.example' } })).status).toBe(200)
  })
})
