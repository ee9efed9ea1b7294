import { expect, test } from 'vitest'
import {
  and,
  exists,
  hba1c,
  type MadeEvaluation,
  madeEvaluation,
  madeMeasure,
  madeRecord,
  not,
  opaque,
  or,
  ref,
  retrieve,
  year2026,
} from '../../test/gaps/made-measure.ts'
import type { Gap } from './gap.ts'
import { deriveGaps } from './index.ts'

const glycemic = madeMeasure({
  id: 'glycemic',
  group: { improvementNotation: 'decrease' },
  populations: {
    'initial-population': 'Initial Population',
    denominator: 'Denominator',
    'denominator-exclusion': 'Denominator Exclusions',
    numerator: 'Numerator',
  },
  defines: {
    'Initial Population': and(and(opaque(), exists(ref('Visits'))), exists(ref('Diabetes'))),
    Denominator: ref('Initial Population'),
    'Denominator Exclusions': or(ref('Has Hospice', 'Hospice'), ref('Has Frailty')),
    Numerator: or(ref('No Result'), ref('Above Nine')),
    Visits: retrieve('Encounter'),
    Diabetes: retrieve('Condition'),
    'Has Frailty': opaque(),
    'No Result': not(exists(ref('Results'))),
    'Above Nine': opaque('Latest Value'),
    'Latest Value': opaque('Latest Result'),
    'Latest Result': opaque('Results'),
    Results: retrieve('Observation'),
  },
  included: { Hospice: { 'Has Hospice': exists(retrieve('Encounter')) } },
  phrases: {
    Results: {
      whenTrue: 'there is a result in {period}',
      whenFalse: 'no HbA1c or GMI result in {period}',
      nextAction: 'order an HbA1c.',
    },
    'Above Nine': {
      whenTrue: 'the most recent result, {evidence}, is above 9%',
      whenFalse: 'the most recent result, {evidence}, is 9% or lower',
      nextAction: 'review the treatment',
    },
    Visits: { whenTrue: 'had a visit', whenFalse: 'no qualifying visit in {period}' },
    'Hospice.Has Hospice': { whenTrue: 'in hospice care', whenFalse: 'not in hospice care' },
  },
})

const everyone = { 'initial-population': 1, denominator: 1, 'denominator-exclusion': 0 }
const inIt = { 'Initial Population': 't', Denominator: 't', Visits: 'l', Diabetes: 'l' } as const

function only(gaps: readonly Gap[]): Gap {
  expect(gaps).toHaveLength(1)
  return gaps[0] as Gap
}

const gapOf = (made: MadeEvaluation, record = madeRecord()): Gap =>
  only(deriveGaps(glycemic, madeEvaluation(glycemic, made), record, year2026))

test('inverse measure, no result: open, with the absence as the reason and the next action', () => {
  const gap = gapOf({
    counts: { ...everyone, numerator: 1 },
    letters: { ...inIt, Numerator: 't', 'No Result': 't', 'Above Nine': 'n', Results: 'z' },
  })
  expect(gap).toMatchObject({ status: 'open', reasonCode: 'no-qualifying-result', evidence: [], dueDate: '2026-12-31' })
  expect(gap.sentence).toBe('Open: no HbA1c or GMI result in 2026. Next: order an HbA1c.')
  expect(gap.nextAction).toBe('order an HbA1c.')
})

const latest = { 'Latest Result': ['r2'], Results: ['r1', 'r2'] }

test('inverse measure, poor result: open, with the nearest fact and not all that were looked at', () => {
  const gap = gapOf(
    {
      counts: { ...everyone, numerator: 1 },
      letters: { ...inIt, Numerator: 't', 'No Result': 'f', 'Above Nine': 't', Results: 'l' },
      evidence: latest,
    },
    madeRecord(hba1c(7, '2026-01-05'), hba1c(9.8, '2026-03-02')),
  )
  expect(gap.sentence).toBe(
    'Open: the most recent result, Hemoglobin A1c 9.8 % on 2026-03-02 (lakeside), is above 9%. Next: review the treatment.',
  )
  expect(gap.reasonCode).toBe('result-out-of-range')
  expect(gap.evidence).toEqual([
    {
      rid: 'r2',
      source: 'lakeside',
      type: 'Observation',
      id: 'x2',
      define: 'Latest Result',
      what: 'Hemoglobin A1c',
      when: '2026-03-02',
      value: '9.8 %',
    },
  ])
})

test('inverse measure, good result: closed, told by the result and not by the mere presence of one', () => {
  const gap = gapOf(
    {
      counts: { ...everyone, numerator: 0 },
      letters: { ...inIt, Numerator: 'f', 'No Result': 'f', 'Above Nine': 'f', Results: 'l' },
      evidence: { 'Latest Result': ['r1'] },
    },
    madeRecord(hba1c(7.1, '2026-03-02')),
  )
  expect(gap).toMatchObject({ status: 'closed', reasonCode: 'result-in-range' })
  expect(gap.sentence).toBe(
    'Closed: the most recent result, Hemoglobin A1c 7.1 % on 2026-03-02 (lakeside), is 9% or lower.',
  )
  expect(gap).not.toHaveProperty('dueDate')
  expect(gap).not.toHaveProperty('nextAction')
})

test('an exclusion in an included library is found by elimination, its letters being unknown', () => {
  const gap = gapOf({
    counts: { ...everyone, 'denominator-exclusion': 1, numerator: 0 },
    letters: { ...inIt, 'Denominator Exclusions': 't', 'Has Frailty': 'f' },
  })
  expect(gap).toMatchObject({ status: 'excluded', reasonCode: 'denominator-exclusion' })
  expect(gap.sentence).toBe('Excluded: in hospice care.')
})

test('a define without a phrase is named', () => {
  const gap = gapOf({
    counts: { ...everyone, 'denominator-exclusion': 1 },
    letters: { ...inIt, 'Denominator Exclusions': 't', 'Has Frailty': 't' },
  })
  expect(gap.sentence).toBe('Excluded: "Has Frailty" is met.')
})

test('outside the initial population: not applicable, naming what was missing', () => {
  const gap = gapOf({
    counts: { 'initial-population': 0, denominator: 0 },
    letters: { 'Initial Population': 'f', Visits: 'z', Diabetes: 'l' },
  })
  expect(gap).toMatchObject({ status: 'not-applicable', reasonCode: 'not-in-initial-population' })
  expect(gap.sentence).toBe('Not applicable: no qualifying visit in 2026.')
})

test('a condition written inside a population is quoted from the CQL', () => {
  const age = { ...opaque(), locator: '2:3-2:28' }
  const measure = madeMeasure({
    populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'IP' },
    defines: { IP: and(age, exists(ref('Visits'))), Visits: retrieve('Encounter') },
    cql: 'define "IP":\n  AgeInYears() in [18, 75)   and exists "Visits"',
  })
  const evaluation = madeEvaluation(measure, { counts: { 'initial-population': 0 }, letters: { IP: 'f', Visits: 'l' } })
  expect(only(deriveGaps(measure, evaluation, madeRecord(), year2026)).sentence).toBe(
    'Not applicable: the condition "AgeInYears() in [18, 75)" of "IP" does not hold.',
  )
})

test('an error is unknown with its reason, whatever the counts: never closed', () => {
  const evaluation = {
    ...madeEvaluation(glycemic, { counts: { ...everyone, numerator: 0 } }),
    error: {
      code: 'interpret/incomparable-units',
      message: 'The units "%" and "mg" cannot be compared.',
      severity: 'error' as const,
      remedy: 'Correct the unit.',
    },
  }
  expect(only(deriveGaps(glycemic, evaluation, madeRecord(), year2026))).toMatchObject({
    status: 'unknown',
    reasonCode: 'interpret-incomparable-units',
    sentence: 'Cannot be evaluated: The units "%" and "mg" cannot be compared.',
    nextAction: 'Correct the unit.',
  })
})

test('an evaluation that lacks a group is unknown for that group', () => {
  const evaluation = { ...madeEvaluation(glycemic, { counts: {} }), groups: [] }
  expect(only(deriveGaps(glycemic, evaluation, madeRecord(), year2026)).status).toBe('unknown')
})

const pressure = madeMeasure({
  populations: {
    'initial-population': 'IP',
    denominator: 'IP',
    'denominator-exclusion': 'Out',
    'denominator-exception': 'Excused',
    numerator: 'Controlled',
  },
  defines: {
    IP: exists(ref('Visits')),
    Visits: retrieve('Encounter'),
    Out: opaque(),
    Excused: opaque(),
    Controlled: and(ref('Systolic Low'), ref('Diastolic Low')),
    'Systolic Low': opaque('Readings'),
    'Diastolic Low': opaque('Readings'),
    Readings: retrieve('Observation'),
  },
  phrases: {
    Controlled: { whenTrue: 'blood pressure is below 140/90', whenFalse: 'blood pressure is not below 140/90' },
    'Diastolic Low': { whenTrue: 'diastolic is below 90', whenFalse: 'diastolic is 90 or above: {evidence}' },
  },
})

const reading = (high: number, low: number) =>
  ({
    resourceType: 'Observation',
    code: { coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure panel' }] },
    effectivePeriod: { start: '2026-04-01T09:00:00-05:00', end: '2026-04-01T09:05:00-05:00' },
    component: [
      [8480, '6', high],
      [8462, '4', low],
    ].map(([code, check, value]) => ({
      code: { coding: [{ system: 'http://loinc.org', code: `${code}-${check}` }] },
      valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    })),
  }) as const

test('increase measure: the one false part of an And is the reason, with its components', () => {
  const evaluation = madeEvaluation(pressure, {
    counts: { ...everyone, numerator: 0 },
    letters: { Controlled: 'f', 'Systolic Low': 't', 'Diastolic Low': 'f', Readings: 'l' },
    evidence: { Readings: ['r1'] },
  })
  const gap = only(deriveGaps(pressure, evaluation, madeRecord(reading(132, 94)), year2026))
  expect(gap.sentence).toBe(
    'Open: diastolic is 90 or above: Blood pressure panel 132/94 mm[Hg] on 2026-04-01 (lakeside).',
  )
  expect(gap.reasonCode).toBe('result-out-of-range')
})

test('what holds only together is told by the words of the whole', () => {
  const evaluation = madeEvaluation(pressure, {
    counts: { ...everyone, numerator: 1 },
    letters: { Controlled: 't', 'Systolic Low': 't', 'Diastolic Low': 't', Readings: 'l' },
    evidence: { Readings: ['r1'] },
  })
  const gap = only(deriveGaps(pressure, evaluation, madeRecord(reading(120, 80)), year2026))
  expect(gap.sentence).toBe(
    'Closed: blood pressure is below 140/90: Blood pressure panel 120/80 mm[Hg] on 2026-04-01 (lakeside).',
  )
})

test('the same person is excepted only where the numerator is not met', () => {
  const excused = { ...everyone, 'denominator-exception': 1 }
  const letters = { Excused: 't', Controlled: 't', 'Systolic Low': 't', 'Diastolic Low': 't' } as const
  const status = (numerator: number) =>
    only(
      deriveGaps(
        pressure,
        madeEvaluation(pressure, { counts: { ...excused, numerator }, letters }),
        madeRecord(),
        year2026,
      ),
    )
  expect(status(0)).toMatchObject({ status: 'excluded', reasonCode: 'denominator-exception' })
  expect(status(1).status).toBe('closed')
})

test('an observation without a value is named as such', () => {
  const evaluation = madeEvaluation(pressure, {
    counts: { ...everyone, numerator: 0 },
    letters: { Controlled: 'n', 'Systolic Low': 'n', 'Diastolic Low': 'n', Readings: 'l' },
    evidence: { Readings: ['r1'] },
  })
  const valueless = {
    resourceType: 'Observation',
    code: { text: 'Blood pressure' },
    effectiveDateTime: '2026-05',
    dataAbsentReason: { coding: [{ code: 'unknown', display: 'Unknown' }] },
  }
  const gap = only(deriveGaps(pressure, evaluation, madeRecord(valueless), year2026))
  expect(gap).toMatchObject({ status: 'open', reasonCode: 'result-without-value' })
  expect(gap.sentence).toContain('Blood pressure no value (Unknown) on 2026-05 (lakeside)')
})

test('an episode measure tells how many of the episodes are done', () => {
  const visits = madeMeasure({
    group: { basis: 'Encounter' },
    populations: { 'initial-population': 'Visits', denominator: 'Visits', numerator: 'Documented' },
    defines: { Visits: retrieve('Encounter'), Documented: opaque('Visits') },
    phrases: { Documented: { whenTrue: 'medications are documented', whenFalse: 'a visit lacks its medication list' } },
  })
  const evaluation = madeEvaluation(visits, {
    counts: { 'initial-population': 3, denominator: 3, numerator: 2 },
    letters: { Visits: 'l', Documented: 'l' },
  })
  expect(only(deriveGaps(visits, evaluation, madeRecord(), year2026))).toMatchObject({
    status: 'open',
    sentence: 'Open: 2 of 3 episodes are done; a visit lacks its medication list.',
  })
})

test('a measure without a numerator has no gap', () => {
  const cohort = madeMeasure({
    group: { scoring: 'cohort' },
    populations: { 'initial-population': 'IP' },
    defines: { IP: opaque() },
  })
  const evaluation = madeEvaluation(cohort, { counts: { 'initial-population': 1 }, letters: { IP: 't' } })
  expect(only(deriveGaps(cohort, evaluation, madeRecord(), year2026))).toMatchObject({
    status: 'not-applicable',
    reasonCode: 'no-gap-in-this-measure',
  })
})

test('evidence that the record lacks is a fault, not a gap without evidence', () => {
  const made = {
    counts: { ...everyone, numerator: 1 },
    letters: { ...inIt, Numerator: 't', 'No Result': 'f', 'Above Nine': 't' } as const,
    evidence: { 'Latest Result': ['r9'] },
  }
  expect(() => gapOf(made)).toThrow(/r9/)
})

test('a stamp is told by the day that it writes, for by it the logic counts days', () => {
  const made = {
    counts: { ...everyone, numerator: 1 },
    letters: { ...inIt, Numerator: 't', 'No Result': 'f', 'Above Nine': 't' } as const,
    evidence: { 'Latest Result': ['r1'] },
  }
  const evaluation = madeEvaluation(glycemic, made)
  const record = madeRecord(hba1c(10, '2026-07-02T01:30:00Z'))
  const period = { ...year2026, timeZone: 'America/Chicago' }
  expect(only(deriveGaps(glycemic, evaluation, record, period)).sentence).toContain('on 2026-07-02')
})

const side = (text: string, value: number) => ({ ...hba1c(value, '2026-03-02T10:00:00Z'), code: { text } })

test('two observations of one moment are told together, and a phrase begins within its sentence', () => {
  const measure = madeMeasure({
    populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'Low' },
    defines: { IP: opaque(), Low: opaque('Readings'), Readings: retrieve('Observation') },
    phrases: { Low: { whenTrue: 'Low', whenFalse: 'The latest reading is high', nextAction: 'HbA1c and GMI' } },
  })
  const evaluation = madeEvaluation(measure, {
    counts: { ...everyone, numerator: 0 },
    letters: { IP: 't', Low: 'f', Readings: 'l' },
    evidence: { Readings: ['r1', 'r2', 'r3'] },
  })
  const record = madeRecord(hba1c(5, '2026-01-01'), side('Systolic', 150), side('Diastolic', 80))
  expect(only(deriveGaps(measure, evaluation, record, year2026)).sentence).toBe(
    'Open: the latest reading is high: Systolic 150 % on 2026-03-02 (lakeside) and Diastolic 80 % on 2026-03-02 (lakeside). Next: HbA1c and GMI.',
  )
})

test('reasons that rest on the same facts name them once', () => {
  const evaluation = madeEvaluation(pressure, {
    counts: { ...everyone, numerator: 0 },
    letters: { Controlled: 'f', 'Systolic Low': 'f', 'Diastolic Low': 'f', Readings: 'l' },
    evidence: { Readings: ['r1'] },
  })
  const plain = {
    ...pressure,
    phrases: new Map([
      ['Systolic Low', { whenTrue: 'systolic is low', whenFalse: 'systolic is high' }],
      ['Diastolic Low', { whenTrue: 'diastolic is low', whenFalse: 'diastolic is high' }],
    ]),
  }
  expect(only(deriveGaps(plain, evaluation, madeRecord(reading(152, 94)), year2026)).sentence).toBe(
    'Open: systolic is high; diastolic is high: Blood pressure panel 152/94 mm[Hg] on 2026-04-01 (lakeside).',
  )
})

const either = madeMeasure({
  populations: { 'initial-population': 'IP', denominator: 'IP', 'denominator-exclusion': 'Out', numerator: 'Done' },
  defines: {
    IP: opaque(),
    Out: or(ref('Hospice', 'Far'), ref('Palliative', 'Far')),
    Done: or(not(ref('Refused')), ref('Signed', 'Far')),
    Refused: opaque(),
  },
  included: { Far: { Hospice: opaque(), Palliative: opaque(), Signed: opaque() } },
  phrases: { 'Far.Signed': { whenTrue: 'it is signed', whenFalse: 'it is not signed' } },
})

test('of two parts that nothing tells apart neither is named: the define that joins them is', () => {
  const evaluation = madeEvaluation(either, {
    counts: { ...everyone, 'denominator-exclusion': 1 },
    letters: { IP: 't', Out: 't' },
  })
  expect(only(deriveGaps(either, evaluation, madeRecord(), year2026)).sentence).toBe('Excluded: "Out" is met.')
})

test('a negation that is known to be false leaves the other part as the reason', () => {
  const evaluation = madeEvaluation(either, {
    counts: { ...everyone, numerator: 1 },
    letters: { IP: 't', Done: 't', Refused: 't' },
  })
  expect(only(deriveGaps(either, evaluation, madeRecord(), year2026)).sentence).toBe('Closed: it is signed.')
})
