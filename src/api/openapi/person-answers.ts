import { z } from 'zod'
import { gapStatuses } from '../../gaps/index.ts'
import { causes } from '../../jobs/index.ts'
import { person, runSummary } from './answers.ts'

/** What the routes that tell of people one by one answer with. A test holds that each answer has exactly these members. */

const text = z.string()
const textOrNull = z.string().nullable()
const whole = z.int()
const count = z.int().nullable()

const personGap = z.strictObject({
  measureId: text,
  groupId: text,
  status: z.enum(gapStatuses),
  reasonCode: text,
  sentence: text,
  evidence: z.array(
    z.strictObject({
      rid: text,
      source: text,
      type: text,
      id: text,
      define: text,
      what: text,
      when: text.optional(),
      value: text.optional(),
    }),
  ),
  nextAction: textOrNull,
  /** Of a closed gap, when it is due again. */
  dueDate: textOrNull,
  /** Where they were asked for: resources that fail by one condition, each tried; how many were not tried. */
  nearMisses: z
    .array(
      z.strictObject({
        kind: z.enum(['date-outside', 'no-unit', 'no-value', 'not-final', 'unmapped-code', 'wrong-encounter']),
        fact: z.strictObject({
          rid: text,
          source: text,
          type: text,
          id: text,
          what: text,
          when: text.optional(),
          value: text.optional(),
        }),
        element: text,
        is: text.optional(),
        wanted: text,
        days: z.int().optional(),
        effect: z.enum(['closes', 'excludes', 'includes', 'evaluates']),
        sentence: text,
      }),
    )
    .optional(),
  untried: whole.optional(),
})

export const personAnswer = z.strictObject({
  runId: whole,
  person: z.strictObject({ ...person, tin: textOrNull, npi: textOrNull, lastVisit: textOrNull }),
  sourcePatients: z.array(z.strictObject({ spid: whole, source: text, patientId: text, resources: whole })),
  results: z.array(
    z.strictObject({
      measureId: text,
      groupId: text,
      initialPopulation: count,
      denominator: count,
      denominatorExclusion: count,
      denominatorException: count,
      numerator: count,
      numeratorExclusion: count,
      /** A letter per define of the measure: t true, f false, n null, e error, l list, z empty list, v another value. */
      defines: text,
      evidence: z.array(z.strictObject({ define: whole, rid: text })),
    }),
  ),
  gaps: z.array(personGap),
  errors: z.array(z.strictObject({ measureId: text, code: text, message: text })),
})

/** What became of each gap, in the order of the request; with status 409 some were changed by somebody else since. */
export const workAnswer = z.strictObject({
  changed: whole,
  outcomes: z.array(
    z.strictObject({
      ref: z.strictObject({ pid: whole, measureId: text, groupId: text, version: whole }),
      changed: z.boolean(),
      now: z.strictObject({
        assignedTo: textOrNull,
        snoozedUntil: textOrNull,
        claim: textOrNull,
        claimUntil: textOrNull,
        noContact: z.boolean(),
        version: whole,
      }),
    }),
  ),
})

const cause = z.enum(causes)
const changePlace = { measure: text, group: text, population: text, causes: z.array(cause) }

export const comparisonAnswer = z.strictObject({
  before: runSummary,
  after: runSummary,
  measures: z.array(z.strictObject({ measure: text, differs: z.array(cause) })),
  notCompared: z.array(text),
  changes: z.array(
    z.strictObject({
      ...changePlace,
      source: text,
      patientId: text,
      personBefore: whole.nullable(),
      personAfter: whole.nullable(),
      /** Members before and after; null where that run has no result. */
      before: count,
      after: count,
      change: z.enum(['in', 'out', 'count']),
    }),
  ),
  totals: z.array(z.strictObject({ ...changePlace, in: whole, out: whole, count: whole })),
})
