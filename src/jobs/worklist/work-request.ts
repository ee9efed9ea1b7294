import { z } from 'zod'
import { fault } from '../../base/index.ts'
import type { GapRef, WorkChange } from '../../store/index.ts'

/** Days for which a claim counts as under way; without data by then the gap is open again. */
const claimDays = 30

const gapKey = z.string().min(1).max(200)
const whole = z.int().min(0).max(2_147_483_647)

/** What is to be done about which gaps, each as the caller saw it: its version tells whether somebody was faster. */
export const workRequestSchema = z.strictObject({
  gaps: z
    .array(z.strictObject({ pid: whole, measureId: gapKey, groupId: gapKey, version: whole }))
    .min(1, 'choose at least one gap')
    .max(500, 'choose at most 500 gaps'),
  action: z.enum(['assign', 'unassign', 'snooze', 'claim', 'no-contact', 'note', 'outreach']),
  text: z.string().trim().max(500).default(''),
  days: z.int().min(1).max(366).optional(),
})

/** Work on a whole list: its filters, and how many gaps the caller was told that it has. */
export const listWorkSchema = workRequestSchema.omit({ gaps: true }).extend({
  list: z.record(z.string(), z.string()),
  expected: z.int().min(1),
})

/** What is to be done with a list, checked. Usage fault as of `workRequest`. */
export function listWork(
  body: unknown,
  today: string,
): { readonly list: Readonly<Record<string, string>>; readonly expected: number; readonly change: WorkChange } {
  const { list, expected, ...rest } = parsedBy(listWorkSchema, body)
  return { list, expected, change: changeOf(rest, today) }
}

/** What a body asks for, checked. Usage fault that names what is missing, never a value. */
export function workRequest(
  body: unknown,
  today: string,
): { readonly refs: readonly GapRef[]; readonly change: WorkChange } {
  const { gaps, ...rest } = parsedBy(workRequestSchema, body)
  return { refs: gaps, change: changeOf(rest, today) }
}

function parsedBy<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refused(issue?.path.map(String).join('.') ?? '', issue?.message ?? 'is not valid')
}

export const refused = (element: string, what: string) =>
  fault('usage', 'worklist/invalid-action', `The field ${element}: ${what}.`, {
    place: { element },
    remedy: 'Go back, correct the field and send it again.',
  })

function changeOf({ action, text, days }: Omit<z.infer<typeof workRequestSchema>, 'gaps'>, today: string): WorkChange {
  const note = text === '' ? {} : { note: text }
  const words = (what: string): string => {
    if (text === '') throw refused('text', `${what} is needed`)
    return text
  }
  switch (action) {
    case 'assign':
      return { action, set: { assignedTo: words('the user to assign to') } }
    case 'unassign':
      return { action: 'assign', set: { assignedTo: null } }
    case 'snooze':
      return { action, set: { snoozedUntil: dayAfter(today, days ?? 30) }, ...note }
    case 'claim':
      return {
        action,
        set: { claim: words('what was done, and where'), claimUntil: dayAfter(today, days ?? claimDays) },
      }
    case 'no-contact':
      return { action, set: { noContact: true }, ...note }
    case 'note':
    case 'outreach':
      return { action, set: {}, note: words('what there is to say') }
  }
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
