import { expect, test } from 'vitest'
import { inLocalDays, zonedMoments } from './day-map.ts'

const [here, there] = ['America/New_York', 'America/Los_Angeles']
const moved = (effectiveDateTime: string) =>
  inLocalDays({ resourceType: 'Observation', effectiveDateTime }, there, here)?.['effectiveDateTime']

test.each([
  ['2026-01-01T06:30:00Z', '2025-12-31T22:30:00-05:00'],
  ['2026-01-01T06:30Z', '2025-12-31T22:30-05:00'],
  ['2026-01-01T01:30:00.25-05:00', '2025-12-31T22:30:00.25-05:00'],
  // Summer time on both sides.
  ['2026-07-01T05:30:00Z', '2026-06-30T22:30:00-04:00'],
])('%s is %s: the wall clock there with the offset here', (written, expected) => {
  expect(moved(written)).toBe(expected)
})

test.each([
  ['one month by both', '2026-01-01T12:00:00Z'],
  ['another day within the month', '2026-01-16T06:30:00Z'],
  ['no offset', '2026-01-01T01:30:00'],
  ['a day', '2026-01-01'],
  ['no moment of the calendar', '2026-02-31T06:30:00Z'],
])('%s: nothing depends on the zone', (_what, written) => {
  expect(moved(written)).toBeUndefined()
})

test('a moment is named by its element; when a line was changed, and the person, are no such facts', () => {
  const lastUpdated = '2026-01-01T06:30:00Z'
  const encounter = { resourceType: 'Encounter', meta: { lastUpdated }, location: [{ period: { end: lastUpdated } }] }
  expect(zonedMoments(encounter, there, here)).toMatchObject([{ path: 'location[0].period.end' }])
  expect(zonedMoments({ resourceType: 'Patient', deceasedDateTime: lastUpdated }, there, here)).toEqual([])
  const expected = { meta: { lastUpdated }, location: [{ period: { end: '2025-12-31T22:30:00-05:00' } }] }
  expect(inLocalDays(encounter, there, here)).toMatchObject(expected)
})
