import { z } from 'zod'

// A card as CDS Hooks 2.0.1 defines it, with the invariants of its logical model (cds-resp-1 to 7), closed: what is not
// named here is sent by no service. `update` (K21) and `actionSelectionBehavior` (G7, K17) are among what is never sent.

const text = z.string().trim().min(1)
const webAddress = z.url({ protocol: /^https?$/ })
const coding = z.strictObject({ system: text, code: text, display: text.optional() })
const reason = z.strictObject({ system: text, code: text, display: text })

const draft = z.looseObject({
  resourceType: z.enum(['ServiceRequest', 'MedicationRequest', 'Appointment']),
  id: z.never().optional(),
  status: z.enum(['draft', 'proposed']),
})

const action = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('create'), description: text, resource: draft }),
  z.strictObject({ type: z.literal('delete'), description: text, resourceId: z.string().regex(/^[A-Z]\w+\/[\w.-]+$/) }),
])

const suggestion = z.strictObject({
  label: text,
  uuid: z.uuid(),
  isRecommended: z.boolean(),
  actions: z.array(action).min(1),
})

const link = z
  .strictObject({ label: text, url: webAddress, type: z.enum(['absolute', 'smart']), appContext: text.optional() })
  .refine(({ type, appContext }) => appContext === undefined || type === 'smart', 'only a SMART link has an appContext')

const card = z
  .strictObject({
    uuid: z.uuid(),
    summary: text.max(139),
    detail: text.regex(/^[^<>]*$/, 'holds HTML'),
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.strictObject({ label: text, url: webAddress.optional(), topic: coding.optional() }),
    suggestions: z.array(suggestion).min(1).optional(),
    selectionBehavior: z.enum(['at-most-one', 'any']).optional(),
    overrideReasons: z.array(reason).min(1),
    links: z.array(link).min(1).optional(),
  })
  .refine((one) => (one.suggestions === undefined) === (one.selectionBehavior === undefined), 'selectionBehavior')
  .refine(
    ({ suggestions = [], selectionBehavior }) =>
      selectionBehavior !== 'at-most-one' || suggestions.filter(({ isRecommended }) => isRecommended).length <= 1,
    'at most one suggestion is recommended where at most one can be chosen',
  )

const cards = z.array(card)

/** What is wrong with the cards of an answer, each fault with its path; empty where they are valid. */
export function cardFaults(given: unknown): readonly string[] {
  // As it is sent: what is undefined is not there.
  const parsed = cards.safeParse(JSON.parse(JSON.stringify(given)))
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}
