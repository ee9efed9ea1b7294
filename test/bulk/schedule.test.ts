import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { type Config, fixedClock, silentLogger, silentProgress } from '../../src/base/index.ts'
import { newestSlot, PullSchedule, pullFreshness, pullSource } from '../../src/jobs/index.ts'
import type { Store } from '../../src/store/index.ts'
import { fakeApplication } from '../api/fake-application.ts'
import { configFor, jumpingPace, newStore, serve, smallExport } from './pulled.ts'
import { says } from './wire-faults.ts'

const daily = { at: '02:30', lateAfterMinutes: 60 }
const utc = (text: string) => new Date(`${text}Z`)

test.each([
  ['after it, today', 'America/Chicago', '2026-06-15T12:00:00', '2026-06-15T07:30:00'],
  ['before it, yesterday', 'America/Chicago', '2026-06-15T07:29:59', '2026-06-14T07:30:00'],
  ['in winter time', 'America/Chicago', '2026-12-15T12:00:00', '2026-12-15T08:30:00'],
  ['a time that the clocks skip', 'America/Chicago', '2026-03-08T12:00:00', '2026-03-08T07:30:00'],
  ['far in the east', 'Pacific/Auckland', '2026-06-15T00:00:00', '2026-06-14T14:30:00'],
])('the newest time that a daily pull was due: %s', (_name, zone, now, slot) => {
  expect(newestSlot(daily, zone, utc(now)).toISOString()).toBe(utc(slot).toISOString())
})

test('an interval is due at each of its steps', () => {
  const slot = newestSlot({ everyMinutes: 30, lateAfterMinutes: 60 }, 'UTC', utc('2026-06-15T12:44:00'))
  expect(slot.toISOString()).toBe('2026-06-15T12:30:00.000Z')
})

/** A night at which the server answers, or does not. */
async function night(store: Store, given: Config) {
  const [source] = given.sources
  if (source === undefined) throw new RangeError('a source is configured')
  const now = new Date()
  const at = new Date(now.getTime() - 60_000).toISOString().slice(11, 16)
  const sources = [{ ...source, schedule: { ...daily, at } }]
  const config: Config = { ...given, sources, alerts: { webhook: 'https://chat.example/hook' } }
  const posts: Record<string, unknown>[] = []
  let hook = 200
  const application = {
    store,
    config,
    clock: fixedClock(now.toISOString()),
    logger: silentLogger,
    oneAtATime: <T>(work: () => Promise<T>) => work(),
  }
  const pull = async (name: string) => {
    await pullSource(store, { source: name, config, progress: silentProgress, pace: jumpingPace(), onNote: () => 0 })
  }
  const post = async (_url: string, body: string) => {
    posts.push(JSON.parse(body) as Record<string, unknown>)
    return hook
  }
  const later = (minutes: number) => ({
    ...application,
    clock: fixedClock(new Date(now.getTime() + minutes * 60_000).toISOString()),
  })
  const look = async (minutes: number) => {
    const schedule = new PullSchedule({ application: later(minutes), pull, post })
    await schedule.look()
    await schedule.idle()
  }
  const states = async (minutes: number) =>
    (await pullFreshness(store, config, later(minutes).clock.now())).map(({ state }) => state)
  return { look, states, posts, config, refuse: (status: number) => (hook = status) }
}

test('a pull that is due is begun, once; nobody is told', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  const { look, states, posts } = await night(store, configFor(server))
  expect(await states(0)).toEqual(['due'])
  await look(0)
  expect(await states(0)).toEqual(['fresh'])
  await look(120)
  expect(server.kickOffs()).toBe(1)
  expect(posts).toEqual([])
})

test('a failed night: the webhook hears it once, and that it is well again; readiness is red meanwhile', async () => {
  const server = await serve({ files: smallExport, faults: [says('status', 500, 'exception')] })
  const store = await newStore()
  const { look, states, posts, config, refuse } = await night(store, configFor(server))
  const ready = async () => {
    const application = {
      ...(await fakeApplication([], () => expect.unreachable(), { store })),
      config,
      clock: { now: () => new Date() },
    }
    const app = await createApp({ application, host: '127.0.0.1' })
    return (await (await app.request('http://127.0.0.1/ready')).json()) as { checks: object; sources?: object }
  }
  await look(0)
  expect(await states(0)).toEqual(['failed'])
  expect(await ready()).toMatchObject({ checks: { pulls: false }, sources: [{ source: 'lakeside', state: 'failed' }] })
  refuse(500)
  await look(1)
  refuse(200)
  await look(2)
  await look(3)
  expect(posts.map(({ event }) => event)).toEqual(['pull-failed', 'pull-failed'])
  expect(Object.keys(posts[0] ?? {}).sort()).toEqual(['dataOf', 'due', 'event', 'source', 'state'])
  await pullSource(store, {
    source: 'lakeside',
    config,
    progress: silentProgress,
    pace: jumpingPace(),
    onNote: () => 0,
  })
  await look(4)
  await look(5)
  expect(posts.map(({ event }) => event)).toEqual(['pull-failed', 'pull-failed', 'pull-recovered'])
  expect(await ready()).toMatchObject({ checks: { pulls: true } })
})

test('a night without an answer is late, and is tried again', async () => {
  const store = await newStore()
  const { look, states, posts } = await night(store, configFor({ base: 'http://127.0.0.1:9/fhir' }, { attempts: 1 }))
  await look(0)
  expect(await states(10)).toEqual(['due'])
  expect(await states(70)).toEqual(['late'])
  await look(70)
  expect(posts).toMatchObject([{ event: 'pull-late', source: 'lakeside', dataOf: null }])
})

test('without the room that is wanted nothing is downloaded; the export waits', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  const config = configFor(server, { minFreeMb: 1e9 })
  const request = { source: 'lakeside', progress: silentProgress, pace: jumpingPace(), onNote: () => 0 }
  await expect(pullSource(store, { ...request, config })).rejects.toThrow(/MiB free for the download/)
  expect((await pullSource(store, { ...request, config: configFor(server) })).exitCode).toBe(0)
  expect(server.kickOffs()).toBe(1)
})
