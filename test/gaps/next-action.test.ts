import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { deriveGaps, type Gap, gapNeeds } from '../../src/gaps/index.ts'
import { evaluateRecord, evaluatorOf } from '../../src/measure/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { recordOf } from '../content/measure-case.ts'
import { about, cqlMeasure, patient, period } from '../run/made-run.ts'

// What a gap says to do is what is missing of the measure's logic: not the first step again where that led elsewhere.

const valueSets = pinValueSets([])

const phrase = (whenFalse: string, nextAction?: string) => ({
  whenTrue: 'it is so',
  whenFalse,
  ...(nextAction === undefined ? {} : { nextAction }),
})

/** A low result closes it, or a procedure after a high one; a child is never asked for anything. */
async function measureWith(extra: InstalledMeasure['phrases']): Promise<InstalledMeasure> {
  const measure = await cqlMeasure({
    id: 'Followed',
    defines: {
      Visits: `[Encounter] E where E.period.start.value during day of "Measurement Period"`,
      Seen: `exists "Visits"`,
      Adult: `AgeInYearsAt(@2025-01-01) >= 18`,
      Tests: `[Observation] O where O.effective.value during day of "Measurement Period"`,
      Last: `Last("Tests" O sort by effective.value)`,
      Low: `exists (({ "Last" }) T where (T.value as FHIR.Quantity).value.value < 5.0)`,
      'High Days': `({ "Last" }) T where (T.value as FHIR.Quantity).value.value >= 5.0 return date from T.effective.value`,
      Followed: `[Procedure] P with "High Days" Day such that date from P.performed.value on or after Day`,
      Done: `"Adult" and ("Low" or exists "Followed")`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Done' },
  })
  return { ...measure, phrases: extra }
}

const ownWords: InstalledMeasure['phrases'] = new Map([
  ['Adult', phrase('not an adult')],
  ['Low', phrase('no low result', 'Test')],
  ['Followed', phrase('nothing followed a high result', 'Treat')],
])
/** As measures have it that tell a population that fails in several ways by one sentence. */
const wholeWords: InstalledMeasure['phrases'] = new Map([
  ...ownWords,
  ['Done', phrase('not tested, or nothing followed', 'Test')],
])

const visit: Resource = { ...about('v', 'Encounter', 'ann'), period: { start: '2025-03-01', end: '2025-03-01' } }
const result = (value: object): Resource => ({
  ...about('o', 'Observation', 'ann'),
  status: 'final',
  code: { text: 'Potassium' },
  effectiveDateTime: '2025-03-01',
  ...value,
})
const high = result({ valueQuantity: { value: 6, unit: 'mmol/L' } })

async function gapOf(phrases: InstalledMeasure['phrases'], ...resources: readonly Resource[]): Promise<Gap> {
  const measure = await measureWith(phrases)
  const evaluator = unwrap(evaluatorOf(measure, valueSets, period, 'direct'))
  const record = recordOf([{ ...patient('ann'), birthDate: '1970-01-01' }, visit, ...resources])
  const evaluation = await evaluateRecord(measure, evaluator, record)
  const moment = { today: '2025-12-31', valueSets }
  const [gap] = deriveGaps(measure, evaluation, record, period, moment)
  if (gap === undefined) throw new RangeError('the measure has a group')
  // A run over everybody reads no more of the evidence than this.
  const { defines } = gapNeeds(measure, evaluation)
  const evidence = evaluation.evidence.filter(({ define }) => defines.includes(define))
  expect(deriveGaps(measure, { ...evaluation, evidence }, record, period, moment)).toEqual([gap])
  return gap
}

test.each([
  ['by part', ownWords],
  ['as a whole', wholeWords],
])(
  'told %s: without a result the first step is next; after one that asks for more, what is missing then',
  async (_, words) => {
    expect(await gapOf(words)).toMatchObject({ status: 'open', nextAction: 'Test' })
    const gap = await gapOf(words, high)
    expect(gap).toMatchObject({ status: 'open', reasonCode: 'result-out-of-range', nextAction: 'Treat' })
    expect(gap.sentence).toMatch(/ Next: Treat\.$/)
  },
)

test('a result that is neither leads nowhere: the first step is next', async () => {
  expect(await gapOf(wholeWords, result({ valueString: 'see report' }))).toMatchObject({ nextAction: 'Test' })
})

test('what followed too early is still missing', async () => {
  const early = { ...about('p', 'Procedure', 'ann'), status: 'completed', performedDateTime: '2025-02-01' }
  expect(await gapOf(wholeWords, high, early)).toMatchObject({ nextAction: 'Treat' })
})

test('without words of its own for what is missing, what the reason says stays', async () => {
  const words: InstalledMeasure['phrases'] = new Map([['Done', phrase('not done', 'Look into it')]])
  expect(await gapOf(words, high)).toMatchObject({ nextAction: 'Look into it' })
})
