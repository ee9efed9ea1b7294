import type { Session } from '../duck/index.ts'
import { statusAt } from './worklist-build.ts'

/** How the work on a gap stands. */
export interface GapWork {
  readonly assignedTo: string | null
  readonly snoozedUntil: string | null
  readonly claim: string | null
  readonly claimUntil: string | null
  readonly noContact: boolean
}

/** A gap as a user saw it: a change of it counts only where nobody else changed it since. */
export interface GapRef {
  readonly pid: number
  readonly measureId: string
  readonly groupId: string
  readonly version: number
}

/** A change: what of the state becomes another, and what was said with it. A note or an outreach changes no state. */
export interface WorkChange {
  readonly action: 'assign' | 'snooze' | 'claim' | 'no-contact' | 'note' | 'outreach'
  readonly set: Partial<GapWork>
  readonly note?: string
}

/** What became of one gap of a bulk action. */
export interface ChangeOutcome {
  readonly ref: GapRef
  readonly changed: boolean
  /** How it stands now, and since which version. */
  readonly now: GapWork & { readonly version: number }
}

const untouched = { assignedTo: null, snoozedUntil: null, claim: null, claimUntil: null, noContact: false, version: 0 }

const stateColumns = `assigned_to AS "assignedTo", snoozed_until AS "snoozedUntil", claim, claim_until AS "claimUntil",
  no_contact AS "noContact", version`

/** The source patient that a person's work is kept under: it stays theirs when persons change. */
const ownSpid = '(SELECT min(spid) FROM source_patient WHERE coalesce(pid, spid) = $pid)'

type Standing = GapWork & { readonly version: number }

/**
 * Applies a change to gaps, in one transaction. A gap that somebody changed since the user saw it is left as it is, and
 * told with how it stands now; the others are changed, each with an event that can be undone.
 */
export async function changeWork(
  session: Session,
  refs: readonly GapRef[],
  change: WorkChange,
  by: { readonly userId: string; readonly now: Date },
): Promise<ChangeOutcome[]> {
  return session.transaction(async () => {
    const outcomes: ChangeOutcome[] = []
    for (const ref of refs) {
      const before = await readWork(session, ref)
      if (before.version !== ref.version) {
        outcomes.push({ ref, changed: false, now: before })
        continue
      }
      const now = { ...before, ...change.set, version: before.version + 1 }
      await writeWork(session, ref, now)
      await writeEvent(
        session,
        ref,
        { action: change.action, note: change.note ?? null, before, after: now, undoes: null },
        by,
      )
      outcomes.push({ ref, changed: true, now })
    }
    return outcomes
  })
}

async function readWork(session: Session, { pid, measureId, groupId }: Omit<GapRef, 'version'>): Promise<Standing> {
  const row = await session.first<Standing>(
    `SELECT ${stateColumns} FROM gap_work k JOIN source_patient s ON s.spid = k.spid
     WHERE coalesce(s.pid, s.spid) = $pid AND measure_id = $measureId AND group_id = $groupId
     ORDER BY version DESC LIMIT 1`,
    { pid, measureId, groupId },
  )
  return row ?? untouched
}

async function writeWork(session: Session, { pid, measureId, groupId }: GapRef, state: Standing): Promise<void> {
  await session.run(
    `INSERT OR REPLACE INTO gap_work VALUES (${ownSpid}, $measureId, $groupId, $assignedTo, $snoozedUntil, $claim, $claimUntil,
       $noContact, $version)`,
    { pid, measureId, groupId, ...state },
  )
  const status = statusAt('stored_status', 'due_date', 'w')
  await session.run(
    `UPDATE worklist_gap SET assigned_to = w.assigned_to, snoozed_until = w.snoozed_until, claim = w.claim,
       claim_until = w.claim_until, no_contact = w.no_contact, version = w.version, status = ${status}
     FROM (SELECT * FROM gap_work WHERE spid = ${ownSpid} AND measure_id = $measureId AND group_id = $groupId) w
     WHERE worklist_gap.pid = $pid AND worklist_gap.measure_id = $measureId AND worklist_gap.group_id = $groupId`.replaceAll(
      '$day',
      '(SELECT day FROM worklist_state)',
    ),
    { pid, measureId, groupId },
  )
}

interface EventBody {
  readonly action: string
  readonly note: string | null
  readonly before: Standing
  readonly after: Standing
  readonly undoes: number | null
}

async function writeEvent(
  session: Session,
  { pid, measureId, groupId }: Omit<GapRef, 'version'>,
  event: EventBody,
  by: { readonly userId: string; readonly now: Date },
): Promise<void> {
  await session.run(
    `INSERT INTO work_event VALUES (nextval('work_event_id'), $at::TIMESTAMP, $userId, $action, ${ownSpid}, $measureId, $groupId,
       $note, $before::JSON, $after::JSON, $undoes)`,
    {
      at: by.now.toISOString(),
      userId: by.userId,
      action: event.action,
      pid,
      measureId,
      groupId,
      note: event.note,
      before: JSON.stringify(event.before),
      after: JSON.stringify(event.after),
      undoes: event.undoes,
    },
  )
}

/** One change that was made. */
export interface WorkEvent {
  readonly eventId: number
  /** ISO instant. */
  readonly at: string
  readonly userId: string
  readonly action: string
  readonly measureId: string
  readonly groupId: string
  readonly note: string | null
  /** JSON text of the states. */
  readonly before: string
  readonly after: string
  readonly undoes: number | null
  readonly undone: boolean
}

/** Everything that was done about a person's gaps, the newest first. */
export function readWorkEvents(session: Session, pid: number): Promise<WorkEvent[]> {
  return session.all<WorkEvent>(
    `SELECT e.event_id AS "eventId", strftime(e.made_at, '%Y-%m-%dT%H:%M:%SZ') AS at, e.user_id AS "userId", e.action,
       e.measure_id AS "measureId", e.group_id AS "groupId", e.note, e.before::VARCHAR AS before, e.after::VARCHAR AS after,
       e.undoes, EXISTS (SELECT 1 FROM work_event u WHERE u.undoes = e.event_id) AS undone
     FROM work_event e JOIN source_patient s ON s.spid = e.spid
     WHERE coalesce(s.pid, s.spid) = $pid ORDER BY e.event_id DESC`,
    { pid },
  )
}

/**
 * Takes a change back: the state becomes what it was before. \`stale\` where somebody changed the gap since, or it was
 * taken back already; \`unknown\` where the person has no such event.
 */
export async function undoWork(
  session: Session,
  pid: number,
  eventId: number,
  by: { readonly userId: string; readonly now: Date },
): Promise<'undone' | 'stale' | 'unknown'> {
  return session.transaction(async () => {
    const event = (await readWorkEvents(session, pid)).find((candidate) => candidate.eventId === eventId)
    if (event === undefined) return 'unknown'
    const ref = { pid, measureId: event.measureId, groupId: event.groupId }
    const now = await readWork(session, ref)
    const after = JSON.parse(event.after) as Standing
    if (event.undone || now.version !== after.version) return 'stale'
    const before = JSON.parse(event.before) as Standing
    const restored = { ...before, version: now.version + 1 }
    await writeWork(session, { ...ref, version: now.version }, restored)
    await writeEvent(session, ref, { action: 'undo', note: null, before: now, after: restored, undoes: eventId }, by)
    return 'undone'
  })
}
