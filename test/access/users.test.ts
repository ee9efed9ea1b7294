import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { decideDirectory, loadUsers, mountRoutes, openAccess } from '../../src/access/index.ts'
import { defaultConfig, silentLogger, systemClock } from '../../src/base/index.ts'
import { openStore, readAuditRows } from '../../src/store/index.ts'
import { bearer, sha256 } from './server.ts'

const nurse = { id: 'nurse', name: 'Nurse', role: 'quality', practices: ['123456789'], tokenSha256: sha256('t1') }
const chief = { id: 'chief', name: 'Chief', role: 'admin', tokenSha256: sha256('t2') }

const fileOf = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'caregap-users-')), 'users.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('a users file', () => {
  test('gives its users', () => {
    expect(loadUsers(fileOf({ users: [nurse, chief] }))).toEqual({ login: true, users: [nurse, chief] })
  })

  test.each([
    ['{', /cannot be read/],
    [{ users: [] }, /users: .*at least one user/],
    [{ users: [{ ...nurse, role: 'doctor' }] }, /users\.0\.role/],
    [{ users: [{ ...nurse, token: 'secret' }] }, /users\.0: .*token/],
    [{ users: [{ ...nurse, tokenSha256: 'SECRET' }] }, /users\.0\.tokenSha256: .*64 lower-case hex digits/],
    [{ users: [{ ...nurse, practices: ['12-3456789'] }] }, /users\.0\.practices\.0: .*nine digits/],
    [{ users: [nurse, { ...chief, id: 'nurse' }] }, /users\.1\.id: .*earlier user/],
    [{ users: [nurse, { ...chief, tokenSha256: nurse.tokenSha256 }] }, /users\.1\.tokenSha256: .*earlier user/],
  ])('%o is refused, by place, and its secrets are not repeated', (content, message) => {
    const load = () => loadUsers(fileOf(content))
    expect(load).toThrow(message)
    expect(load).not.toThrow(/SECRET|secret/)
  })

  test('that is missing is refused', () => {
    expect(() => loadUsers('/nowhere/users.json')).toThrow(/users file cannot be read/)
  })
})

describe('without a users file', () => {
  test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]'])('%s has one local user', (host) => {
    expect(decideDirectory(undefined, host)).toEqual({ login: false, local: { userId: 'local', role: 'admin' } })
  })

  test.each(['0.0.0.0', '::', '192.168.1.5', 'caregap.example', '127.0.0.1.example', '1270.0.0.1', ''])(
    '%s is refused at start, and told what to do',
    (host) => {
      expect(() => decideDirectory(undefined, host)).toThrow(/Without a users file .* Name a users file/)
    },
  )

  test('a users file makes login needed on loopback too', () => {
    expect(decideDirectory(fileOf({ users: [chief] }), '127.0.0.1').login).toBe(true)
  })
})

test('access opened over a store logs in users, limits them to their practices, and writes audit rows', async () => {
  const store = await openStore({ path: ':memory:' })
  await store.session.run(
    `INSERT INTO attribution (pid, tin, source_id, visits) VALUES (1, '123456789', 1, 1), (2, '987654321', 1, 1)`,
  )
  const access = await openAccess({
    store,
    config: { users: fileOf({ users: [nurse] }), server: { ...defaultConfig.server, trustedProxies: ['10.0.0.5'] } },
    host: '0.0.0.0',
    clock: systemClock,
    logger: silentLogger,
  })
  const app = new Hono()
  const route = { method: 'GET', path: '/people/:pid' } as const
  mountRoutes(
    app,
    [
      {
        ...route,
        rule: { kind: 'patient', roles: ['quality'], action: 'read' },
        handle(context, scope) {
          scope.read({ pids: [Number(context.req.param('pid'))] })
          return context.text('facts')
        },
      },
    ],
    access,
  )
  const statusOf = async (pid: number) => (await app.request(`/people/${pid}`, bearer('t1'))).status
  expect([await statusOf(1), await statusOf(2), await statusOf(3)]).toEqual([200, 403, 403])
  const rows = await readAuditRows(store.session, 10)
  expect(rows.map((row) => row.outcome).sort()).toEqual(['denied', 'denied', 'read'])
  expect(await readAuditRows(store.session, 10, 1)).toHaveLength(1)
  store.close()
})
