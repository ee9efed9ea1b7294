import { beforeAll, describe, expect, test } from 'vitest'
import { ageOn, dayOf } from '../../src/synth/calendar.ts'
import { recordPerson } from '../../src/synth/generate.ts'
import { publishedPrevalence, publishedRates } from '../../src/synth/index.ts'
import type { Recorded } from '../../src/synth/write-person.ts'
import {
  isColonScreened,
  isDiagnosed,
  isMammographyDone,
  isPoorlyControlled,
  isPressureControlled,
  isScreenedForDepression,
  type Share,
  shareOf,
} from './rates.ts'

const sample = 12_000
const twoPoints = 0.02

const codes = { diabetes: /^E1[01]/, hypertension: /^I10$/ } as const
const rates = {
  poorGlycemicControl: isPoorlyControlled,
  bloodPressureControlled: isPressureControlled,
  mammography: isMammographyDone,
  colorectalScreening: isColonScreened,
  depressionScreening: isScreenedForDepression,
} as const

const bands = Object.entries(publishedPrevalence).flatMap(([disease, list]) =>
  list.map((band) => ({
    name: `${disease} at ${band.ages.join(' to ')}`,
    pattern: codes[disease as keyof typeof codes],
    band,
  })),
)

const shares = new Map<string, Share>()

function count(name: string, holds: boolean | undefined): void {
  if (holds === undefined) return
  const share = shares.get(name) ?? { count: 0, of: 0 }
  shares.set(name, share)
  share.of++
  if (holds) share.count++
}

function countPerson(recorded: Recorded): void {
  const age = ageOn(recorded.person.birth, dayOf(2026, 12, 31))
  for (const { name, pattern, band } of bands)
    if (age >= band.ages[0] && age <= band.ages[1]) count(name, isDiagnosed(recorded, pattern))
  for (const [name, rate] of Object.entries(rates)) count(name, rate(recorded))
}

const measured = (name: string): number => shareOf(shares.get(name) ?? { count: 0, of: 1 })

describe('a generated population is like the published one, within two points', () => {
  beforeAll(() => {
    for (let index = 0; index < sample; index++)
      for (const recorded of recordPerson(11, index, 0)) countPerson(recorded)
  })

  test.each(bands)('$name', ({ name, band }) => {
    expect(Math.abs(measured(name) - band.share)).toBeLessThan(twoPoints)
  })

  test.each(Object.entries(publishedRates))('%s', (name, published) => {
    expect(Math.abs(measured(name) - published)).toBeLessThan(twoPoints)
  })

  test('the denominators are large enough to tell', () => {
    for (const { of } of shares.values()) expect(of).toBeGreaterThan(500)
  })
})
