import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { readAuditRows, readFeedbackRows } from '../../src/store/index.ts'
import { application, call, outcomeOf, post, serveCds, service } from './cds-client.ts'
import { prefetchOf, requestOf, result } from './patient-view.ts'

// Names carry the row numbers of the requirement table; docs/cds-hooks.md lists them.

serveCds()

describe('feedback', () => {
  const path = `${service}/feedback`
  const card = '4e0a3a1e-3283-4575-ab82-028d55fe2719'
  const outcomeTimestamp = '2026-06-15T12:05:31Z'
  const accepted = { card, outcome: 'accepted', acceptedSuggestions: [{ id: 'e56e1945' }], outcomeTimestamp }
  const overridden = {
    card,
    outcome: 'overridden',
    outcomeTimestamp,
    overrideReason: { reason: { code: 'patient-declined', system: 'https://caregap.dev/x' }, userComment: 'said no' },
  }

  test('F1 F2 F3 F4 F5 F7: entries are taken and kept, the same card more than once', async () => {
    const response = await post(
      { feedback: [accepted, overridden, { card, outcome: 'overridden', outcomeTimestamp }] },
      path,
    )
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    const rows = await readFeedbackRows(application.store.session, 'caregap-patient-view', 10)
    expect(rows).toHaveLength(3)
    expect(rows).toContainEqual({
      receivedAt: '2026-06-15T12:00:00.000Z',
      serviceId: 'caregap-patient-view',
      userId: 'local',
      card,
      outcome: 'overridden',
      outcomeTimestamp,
      suggestions: [],
      reasonSystem: 'https://caregap.dev/x',
      reasonCode: 'patient-declined',
      reasonDisplay: null,
      comment: 'said no',
    })
    expect(application.logged.join('\n')).not.toContain('said no')
  })

  test.each([
    ['F1 a bare entry', accepted],
    ['F1 no array', { feedback: accepted }],
    ['F1 an empty array', { feedback: [] }],
    ['F2 no card', { feedback: [{ ...accepted, card: undefined }] }],
    ['F2 another outcome', { feedback: [{ ...accepted, outcome: 'ignored' }] }],
    ['F2 no timestamp', { feedback: [{ ...accepted, outcomeTimestamp: undefined }] }],
    ['F2 a timestamp that is none', { feedback: [{ ...accepted, outcomeTimestamp: 'yesterday' }] }],
    ['F3 accepted without suggestions', { feedback: [{ ...accepted, acceptedSuggestions: [] }] }],
    ['F4 a reason that says nothing', { feedback: [{ ...overridden, overrideReason: {} }] }],
  ])('%s is 400 and nothing of it is kept', async (_, body) => {
    const before = await readFeedbackRows(application.store.session, 'caregap-patient-view', 1000)
    await outcomeOf(post(body, path), 400)
    expect(await readFeedbackRows(application.store.session, 'caregap-patient-view', 1000)).toHaveLength(before.length)
  })
})

describe('access and CORS', () => {
  test('X1 X3: a preflight is answered without login, without credentials, and may be kept', async () => {
    for (const path of ['/cds-services', service, `${service}/feedback`]) {
      const response = await call(path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://ehr.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, content-type',
        },
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe('https://ehr.example')
      expect(response.headers.get('access-control-allow-methods')).toContain('POST')
      expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization')
      expect(response.headers.get('access-control-allow-credentials')).toBeNull()
      expect(response.headers.get('access-control-max-age')).toBe('600')
      expect(response.headers.get('vary')).toContain('Origin')
    }
  })

  test('X2 X3: answers and errors can be read by the origin that asked', async () => {
    const headers = { origin: 'https://ehr.example' }
    const answers: Promise<Response>[] = [
      post(requestOf(prefetchOf(result(9.8))), service, headers),
      post('{', service, headers),
      post(requestOf(null), service, headers),
      post({}, '/cds-services/none', headers),
      call(service, { headers }),
      call('/cds-services', { headers }),
    ]
    const statuses = []
    for (const answer of await Promise.all(answers)) {
      statuses.push(answer.status)
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://ehr.example')
      expect(answer.headers.get('vary')).toContain('Origin')
    }
    expect(statuses).toEqual([200, 400, 412, 404, 405, 200])
  })

  test('X: no other route is open to other origins', async () => {
    const response = await call('/fhir/metadata', { headers: { origin: 'https://evil.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('J1 G2: without users the server refuses to be reached by other machines', async () => {
    await expect(createApp({ application, host: '0.0.0.0' })).rejects.toThrow(/no login/)
  })

  test('J1: each call leaves an audit row, and reads nobody who is stored', async () => {
    await post(requestOf(prefetchOf(result(9.8))))
    const rows = await readAuditRows(application.store.session, 1000)
    const calls = rows.filter(({ route }) => route === `POST ${service}`)
    expect(calls.length).toBeGreaterThan(0)
    for (const row of calls) expect(row).toMatchObject({ action: 'cds-hooks', userId: 'local', pids: [] })
  })
})
