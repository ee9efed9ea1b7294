import { expect, test } from 'vitest'
import { madeEvaluation, madeMeasure, madeRecord, opaque, year2026 } from '../../test/gaps/made-measure.ts'
import type { Gap } from './gap.ts'
import { deriveGaps } from './index.ts'

const measure = madeMeasure({
  populations: {
    'initial-population': 'Adult',
    denominator: 'Adult',
    'denominator-exception': 'Excused',
    numerator: 'Done',
  },
  defines: { Adult: opaque(), Excused: opaque(), Done: opaque() },
})

function gapOf(counts: Readonly<Record<string, number>>, dueDate?: string): Gap | undefined {
  const evaluation = madeEvaluation(measure, {
    counts: { 'initial-population': 1, denominator: 1, ...counts },
    letters: { Adult: 't', Done: 't' },
  })
  return deriveGaps(
    measure,
    { ...evaluation, ...(dueDate === undefined ? {} : { dueDate }) },
    madeRecord(),
    year2026,
  )[0]
}

test('what is done is due again when the measure says so, and what is excluded is not due', () => {
  expect(gapOf({ numerator: 1 }, '2027-03-04')).toMatchObject({ status: 'closed', dueDate: '2027-03-04' })
  expect(gapOf({ numerator: 1 })).not.toHaveProperty('dueDate')
  expect(gapOf({ numerator: 0, 'denominator-exception': 1 }, '2026-03-04')).not.toHaveProperty('dueDate')
  expect(gapOf({ numerator: 0 }, '2026-03-04')).toMatchObject({ status: 'open', dueDate: '2026-03-04' })
  expect(gapOf({ numerator: 0 })).toMatchObject({ status: 'open', dueDate: '2026-12-31' })
})
