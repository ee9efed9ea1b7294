import { z } from 'zod'

/** t true, f false, n null, e error, l list with members, z empty list, v another value. */
const letter = z.enum(['t', 'f', 'n', 'e', 'l', 'z', 'v'])

const fault = z.object({ code: z.string(), message: z.string() })

/** Keys of resources, which `resources` of the explanation describes. */
const keys = z.array(z.string())

const clauseKind = z.enum(['operator', 'query', 'retrieve', 'reference', 'call', 'value', 'with', 'without'])

/** What a clause of CQL came to. */
const clauseSchema = z.object({
  kind: clauseKind,
  library: z.string(),
  define: z.string(),
  /** `line:column-line:column` in the library's CQL, and the text there; null where the library's CQL is not at hand. */
  range: z.string().nullable(),
  text: z.string().nullable(),
  letter,
  /** The value in short; null where the letter says it all. */
  value: z.string().nullable(),
  fault: fault.optional(),
  /** What it rests on: while these stay, the deletion of others leaves it as it is. */
  resources: keys,
  /** The define that it refers to, or the function that it calls, as `Library.Name`. */
  refers: z.string().optional(),
  /** The function's body stands at an earlier call of the same define. */
  asAbove: z.literal(true).optional(),
  /** Of a retrieve: how many of the record's resources of that type were found. */
  retrieve: z
    .object({ type: z.string(), valueSet: z.string().nullable(), found: z.number(), ofType: z.number() })
    .optional(),
  get rows() {
    return rowsSchema.optional()
  },
  get parts(): z.ZodArray<typeof clauseSchema> {
    return z.array(clauseSchema)
  },
})

/** A row that fails by exactly one condition, and that condition as it came out for it. */
const nearMissSchema = z.object({
  resources: keys,
  get condition(): typeof clauseSchema {
    return clauseSchema
  },
})

/** The rows of a query: how many were looked at and kept, and how often each condition held. */
const rowsSchema = z.object({
  looked: z.number(),
  kept: z.number(),
  conditions: z.array(
    z.object({
      kind: z.enum(['where', 'with', 'without']),
      range: z.string().nullable(),
      text: z.string().nullable(),
      true: z.number(),
      false: z.number(),
      null: z.number(),
      error: z.number(),
    }),
  ),
  nearMisses: z.array(nearMissSchema),
  /** Near misses beyond those that are listed. */
  nearMissesLeftOut: z.number(),
})

const defineSchema = z.object({
  library: z.string(),
  name: z.string(),
  range: z.string().nullable(),
  letter,
  value: z.string().nullable(),
  fault: fault.optional(),
  /** The letter that the run stored; null where it stores none for this define. It is never another than `letter`. */
  stored: letter.nullable(),
  resources: keys,
  /** What it would be without all of `resources`; null where it rests on none. Where it `stands`, others or their absence would make it so. */
  without: z.object({ letter, value: z.string().nullable(), stands: z.boolean() }).nullable(),
  clauses: z.array(clauseSchema),
})

const resourceSchema = z.object({
  key: z.string(),
  source: z.string(),
  type: z.string(),
  id: z.string(),
  version: z.string().nullable(),
  lastUpdated: z.string().nullable(),
  /** Of the line as received, with where it was read. */
  hash: z.string(),
  file: z.string(),
  line: z.number(),
  what: z.string(),
  date: z.string().nullable(),
  value: z.string().nullable(),
  /** What became of it after the run; null where it is as it was. */
  since: z.enum(['changed', 'deleted']).nullable(),
  /** Of the Patient of a person of several sources: the others that are one with it. */
  mergedWith: z.array(z.object({ source: z.string(), id: z.string(), version: z.string().nullable() })).optional(),
})

/** Why a measure says of a person what it says: the one shape of `caregap explain --json` and of the API. */
export const explanationSchema = z.object({
  run: z.object({
    id: z.number(),
    engine: z.string(),
    engineVersion: z.string(),
    dataSnapshot: z.string(),
    period: z.object({ start: z.string(), end: z.string(), timeZone: z.string() }),
  }),
  measure: z.object({
    id: z.string(),
    url: z.string(),
    version: z.string(),
    title: z.string(),
    contentHash: z.string(),
  }),
  person: z.number(),
  patients: z.array(z.object({ source: z.string(), id: z.string() })),
  /** The person's result as stored, which the explanation amounts to. */
  groups: z.array(
    z.object({
      id: z.string(),
      populations: z.array(z.object({ code: z.string(), define: z.string(), members: z.number().nullable() })),
    }),
  ),
  defines: z.array(defineSchema),
  /** Every resource that anything here names. */
  resources: z.array(resourceSchema),
  /** What of the person's record is another since the run; the explanation is of the record as it was. */
  since: z.object({ changed: z.number(), deleted: z.number(), added: z.number() }),
})

export type Explanation = z.infer<typeof explanationSchema>
export type ExplainedClause = z.infer<typeof clauseSchema>
export type ClauseRows = z.infer<typeof rowsSchema>
export type DefineExplanation = z.infer<typeof defineSchema>
export type ExplainedResource = z.infer<typeof resourceSchema>
