import { z } from 'zod'
import { failure, type Result, success } from '../../base/index.ts'

/** One entry of a feedback call: what a clinician did with a card. */
export interface FeedbackEntry {
  readonly card: string
  readonly outcome: 'accepted' | 'overridden'
  readonly outcomeTimestamp: string
  /** Uuids of the accepted suggestions; empty where overridden. */
  readonly suggestions: readonly string[]
  readonly reason?: {
    readonly system?: string | undefined
    readonly code: string
    readonly display?: string | undefined
  }
  /** Free text: may hold anything, PHI too. */
  readonly comment?: string
}

const name = z.string().min(1).max(200)

// A reason without system or display is what real clients send.
const reason = z.looseObject({ code: name, system: name.optional(), display: z.string().max(500).optional() })

const accepted = z.looseObject({
  card: name,
  outcome: z.literal('accepted'),
  outcomeTimestamp: z.iso.datetime({ offset: true }),
  acceptedSuggestions: z.array(z.looseObject({ id: name })).min(1),
})

const overridden = z.looseObject({
  card: name,
  outcome: z.literal('overridden'),
  outcomeTimestamp: z.iso.datetime({ offset: true }),
  overrideReason: z
    .looseObject({ reason: reason.optional(), userComment: z.string().min(1).max(10_000).optional() })
    .refine((given) => given.reason !== undefined || given.userComment !== undefined, {
      message: 'must hold a reason or a comment',
    })
    .optional(),
})

const schema = z.looseObject({ feedback: z.array(z.discriminatedUnion('outcome', [accepted, overridden])).min(1) })

/** Checks a feedback body (CDS Hooks 2.0.1, Feedback). Failure: one diagnostic per fault, never quoting what was sent. */
export function readFeedback(body: unknown): Result<readonly FeedbackEntry[]> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return success(parsed.data.feedback.map(entryOf))
  return failure(
    ...parsed.error.issues.map((issue) => ({
      code: 'cards/invalid-feedback',
      severity: 'error' as const,
      message: `${issue.path.map(String).join('.') || 'The body'}: ${issue.message}.`,
      place: { element: issue.path.map(String).join('.') },
      remedy: 'Send {"feedback": [...]} with card, outcome, outcomeTimestamp and, if accepted, acceptedSuggestions.',
    })),
  )
}

function entryOf(entry: z.infer<typeof accepted> | z.infer<typeof overridden>): FeedbackEntry {
  const { card, outcomeTimestamp } = entry
  if (entry.outcome === 'accepted') {
    return { card, outcome: 'accepted', outcomeTimestamp, suggestions: entry.acceptedSuggestions.map(({ id }) => id) }
  }
  const given = entry.overrideReason
  return {
    card,
    outcome: 'overridden',
    outcomeTimestamp,
    suggestions: [],
    ...(given?.reason === undefined ? {} : { reason: given.reason }),
    ...(given?.userComment === undefined ? {} : { comment: given.userComment }),
  }
}
