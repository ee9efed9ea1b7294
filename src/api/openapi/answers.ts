import { z } from 'zod'
import { gapStatuses } from '../../gaps/index.ts'
import { mapKinds } from '../../terminology/index.ts'

/** What the main routes answer with. A test holds that each answer has exactly these members. */

const text = z.string()
const textOrNull = z.string().nullable()
const whole = z.int()
/** Null where the group has no such population, or the count is hidden. */
const count = z.int().nullable()

/** A run; null counts where it has not ended, or they are hidden. */
export const runSummary = z.strictObject({
  runId: whole,
  state: text,
  engine: text,
  engineVersion: text,
  periodStart: text,
  periodEnd: text,
  timeZone: text,
  dataSnapshot: text,
  startedAt: text,
  finishedAt: textOrNull,
  persons: count,
  personErrors: count,
})

const measureGroup = z.looseObject({
  id: text,
  scoring: text,
  basis: text,
  improvementNotation: z.enum(['increase', 'decrease']),
  populations: z.array(text),
})

export const measuresAnswer = z.strictObject({
  measures: z.array(
    z.strictObject({
      id: text,
      url: text,
      version: text,
      title: text,
      description: text,
      groups: z.array(measureGroup),
    }),
  ),
})

const counts = {
  persons: count,
  initialPopulation: count,
  denominator: count,
  denominatorExclusion: count,
  denominatorException: count,
  numerator: count,
  numeratorExclusion: count,
  measurePopulation: count,
  openGaps: count,
  prospectiveGaps: count,
  orderedGaps: count,
  awaitingGaps: count,
  closedGaps: count,
  excludedGaps: count,
  unknownGaps: count,
  errors: count,
}

export const scorecardAnswer = z.strictObject({
  run: runSummary,
  notForRelease: z.boolean(),
  measures: z.array(
    z.strictObject({
      measureId: text,
      groupId: text,
      ...counts,
      title: text.optional(),
      improvementNotation: z.enum(['increase', 'decrease']).optional(),
      rate: z.number().nullable().optional(),
      interval: z.strictObject({ low: z.number(), high: z.number() }).nullable().optional(),
      suppressed: z.array(text).optional(),
      asOfRun: whole.optional(),
    }),
  ),
})

/** Who somebody is, as lists tell it. */
export const person = {
  pid: whole,
  name: textOrNull,
  birthDate: textOrNull,
  age: count,
  sex: textOrNull,
  deceased: z.boolean(),
  practice: textOrNull,
  provider: textOrNull,
}

export const peopleAnswer = z.strictObject({
  runId: whole,
  measureId: text,
  groupId: text,
  total: whole,
  page: whole,
  size: whole,
  rows: z.array(
    z.strictObject({
      ...person,
      sources: z.array(text),
      status: z.enum(gapStatuses).nullable(),
      sentence: textOrNull,
      nextAction: textOrNull,
      dueDate: textOrNull,
    }),
  ),
})

const listedGap = z.strictObject({
  measureId: text,
  groupId: text,
  status: text,
  reasonCode: text,
  dueDate: textOrNull,
  assignedTo: textOrNull,
  snoozedUntil: textOrNull,
  claim: textOrNull,
  claimUntil: textOrNull,
  version: whole,
})

export const worklistAnswer = z.strictObject({
  runId: whole,
  asOf: text,
  total: whole,
  gaps: whole,
  rows: z.array(
    z.strictObject({
      ...person,
      inactive: z.boolean(),
      hospice: z.boolean(),
      noContact: z.boolean(),
      phone: textOrNull,
      language: textOrNull,
      payer: textOrNull,
      nextVisit: textOrNull,
      gaps: z.array(listedGap),
    }),
  ),
  next: textOrNull,
})

export const runsAnswer = z.strictObject({
  runs: z.array(
    runSummary.extend({
      measures: z.array(z.looseObject({ measureId: text, url: text, version: text, contentHash: text, state: text })),
    }),
  ),
})

const candidate = z.strictObject({ system: text, code: text, display: text.optional(), likeness: z.number() })

export const unmappedAnswer = z.strictObject({
  unmapped: z.array(
    z.strictObject({
      kind: z.enum(['code', 'text', 'unit']),
      type: text,
      source: text,
      system: text,
      value: text,
      display: text.optional(),
      count,
      candidates: z.array(candidate),
    }),
  ),
})

/**
 * Null counts are hidden, or of what was not counted; `lackingIn` names the sources that have none. Of a fault `named` is the element of
 * a date, or the type referred to (`urn`: an entry of a Bundle); `held` is how many resources of the type the source has.
 */
export const qualityAnswer = z.strictObject({
  run: whole.nullable(),
  notForRelease: z.boolean(),
  faults: z.array(
    z.strictObject({
      kind: z.enum(['future-date', 'dangling-reference']),
      source: text,
      type: text,
      named: text,
      resources: count,
      patients: count,
      targets: count,
      held: count,
      file: textOrNull,
      line: count,
    }),
  ),
  sources: z.array(z.strictObject({ source: text, persons: count })),
  measures: z.array(
    z.strictObject({
      measureId: text,
      title: text,
      kinds: z.array(
        z.strictObject({
          type: text,
          path: text.optional(),
          valueSet: text.optional(),
          title: text.optional(),
          codes: z.array(z.strictObject({ system: text.optional(), code: text.optional(), display: text.optional() })),
          elements: z.array(text),
          sources: z.array(
            z.strictObject({
              source: text,
              presence: z.enum(['none', 'some', 'unknown']),
              resources: count,
              persons: count,
            }),
          ),
          lackingIn: z.array(text),
        }),
      ),
    }),
  ),
})

/** Null counts are hidden; `run` is null where no run may be told. */
export const strataAnswer = z.strictObject({
  run: whole.nullable(),
  measureId: text,
  groupId: text,
  by: text,
  notForRelease: z.boolean(),
  strata: z.array(
    z.strictObject({ id: textOrNull, label: textOrNull, atRisk: count, numerator: count, rate: z.number().nullable() }),
  ),
})

const codeMap = z.strictObject({
  mapId: whole,
  state: z.enum(['proposed', 'approved', 'retired']),
  kind: z.enum(mapKinds),
  source: textOrNull,
  fromSystem: text,
  fromValue: text,
  toSystem: text,
  toCode: text,
  toDisplay: textOrNull,
  version: whole,
  proposedAt: text,
  proposedBy: text,
  approvedAt: textOrNull,
  approvedBy: textOrNull,
  retiredAt: textOrNull,
  retiredBy: textOrNull,
})

/** A map that was proposed; of a ConceptMap the ids of its maps, and what of it was not taken. */
export const proposedAnswer = z.union([
  codeMap,
  z.strictObject({
    mapIds: z.array(whole),
    leftOut: z.array(z.looseObject({ code: text, message: text, severity: text })),
  }),
])

/** Facts that lie in another month by the zone of their source than by that of the period. */
export const daysAnswer = z.strictObject({
  timeZone: text,
  sources: z.array(z.strictObject({ source: text, timeZone: text, facts: whole, persons: whole })),
  facts: z.array(
    z.strictObject({
      source: text,
      type: text,
      id: text,
      pid: whole.nullable(),
      path: text,
      written: text,
      day: text,
      localDay: text,
    }),
  ),
})

export const mapsAnswer = z.strictObject({ maps: z.array(codeMap) })
export const mapAnswer = codeMap

const totals = z.record(z.string(), z.number())

export const effectAnswer = z.strictObject({
  runId: whole,
  resources: count,
  persons: count,
  dataChanged: z.boolean(),
  groups: z.array(
    z.strictObject({
      measureId: text,
      groupId: text,
      before: totals,
      after: totals,
      rateBefore: z.number().optional(),
      rateAfter: z.number().optional(),
      isHidden: z.boolean(),
    }),
  ),
})

/** What became of cards; null counts are hidden, and told by name where they may be small. */
export const cdsCountsAnswer = z.strictObject({
  cards: z.array(
    z.strictObject({
      serviceId: text,
      topic: text,
      site: text,
      role: text,
      shown: count,
      shadow: count,
      accepted: count,
      overridden: count,
      ignored: count,
      reasons: text,
      suppressed: z.array(text).optional(),
      countedUntil: text.optional(),
    }),
  ),
  notEvaluated: z.array(z.strictObject({ serviceId: text, site: text, reason: text, calls: count, last: textOrNull })),
  notForRelease: z.boolean(),
})
