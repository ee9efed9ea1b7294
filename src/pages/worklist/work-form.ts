import { z } from 'zod'
import { fault } from '../../base/index.ts'
import type { GapRef, WorkChange } from '../../store/index.ts'

/** Days for which a claim counts as under way; without data by then the gap is open again. */
const claimDays = 30

const schema = z.object({
  gap: z.array(z.string()).min(1, 'choose at least one gap').max(500, 'choose at most 500 gaps'),
  action: z.enum(['assign', 'unassign', 'snooze', 'claim', 'no-contact', 'note', 'outreach']),
  text: z.string().trim().max(500).default(''),
  days: z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(1).max(366).optional()),
})

/** What a form or a JSON body asks for, checked. Usage fault that names what is missing, never a value. */
export function workRequest(
  body: unknown,
  today: string,
): { readonly refs: readonly GapRef[]; readonly change: WorkChange } {
  const parsed = schema.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refused(issue?.path.map(String).join('.') ?? '', issue?.message ?? 'is not valid')
  }
  return { refs: parsed.data.gap.map(gapRef), change: changeOf(parsed.data, today) }
}

const refused = (element: string, what: string) =>
  fault('usage', 'worklist/invalid-action', `The field ${element}: ${what}.`, {
    place: { element },
    remedy: 'Go back, correct the field and send it again.',
  })

/** `pid|measure|group|version`, as the page writes it. */
export const gapValue = ({ pid, measureId, groupId, version }: GapRef): string =>
  `${pid}|${measureId}|${groupId}|${version}`

function gapRef(text: string): GapRef {
  const [pid, measureId, groupId, version] = text.split('|')
  if (!/^\d{1,9}$/.test(pid ?? '') || !/^\d{1,9}$/.test(version ?? '') || !measureId || !groupId)
    throw refused('gap', 'is person, measure, group and version, separated by |')
  return { pid: Number(pid), measureId, groupId, version: Number(version) }
}

function changeOf({ action, text, days }: z.infer<typeof schema>, today: string): WorkChange {
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
