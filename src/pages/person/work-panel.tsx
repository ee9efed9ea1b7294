import type { WorkEvent } from '../../store/index.ts'
import { formatInstant } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'

/** What was done, in words. */
export const workWords: Readonly<Record<string, string>> = {
  assign: 'Assignment',
  snooze: 'Snooze',
  claim: 'Reported done',
  'no-contact': 'Must not be contacted',
  note: 'Note',
  outreach: 'Outreach',
  undo: 'Taken back',
}

interface State {
  readonly assignedTo: string | null
  readonly snoozedUntil: string | null
  readonly claim: string | null
}

function told(event: WorkEvent): string {
  const after = JSON.parse(event.after) as State
  const parts = {
    assign: after.assignedTo === null ? 'to nobody' : `to ${after.assignedTo}`,
    snooze: `until ${after.snoozedUntil ?? ''}`,
    claim: after.claim ?? '',
  }
  const said = (parts as Readonly<Record<string, string>>)[event.action] ?? ''
  return [said, event.note].filter((text) => text !== null && text !== '').join(': ')
}

/** What was done about a person's gaps, the newest first, each change with its undo. */
export const WorkPanel = ({ events, pid }: { readonly events: readonly WorkEvent[]; readonly pid: number }) =>
  events.length === 0 ? null : (
    <Panel id="work" title="Work on the gaps">
      <ul class="plain-list work-events">
        {events.map((event) => (
          <li>
            <span>
              <strong>{workWords[event.action] ?? event.action}</strong> {told(event)}{' '}
              <span class="soft small">
                {event.measureId}, {event.userId}, {formatInstant(event.at)}
                {event.undone ? ', taken back' : ''}
              </span>
            </span>
            {event.undone || event.action === 'undo' ? null : (
              <form method="post" action={`/people/${pid}/undo`} class="no-print">
                <input type="hidden" name="event" value={String(event.eventId)} />
                <button
                  class="button"
                  type="submit"
                  aria-label={`Undo: ${workWords[event.action] ?? event.action} of ${event.measureId}`}
                >
                  Undo
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
