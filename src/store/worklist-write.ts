import type { Session } from '../duck/index.ts'
import { statusAt } from './worklist-build.ts'
import { summaryAssignments, summarySql } from './worklist-summary.ts'

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

const stateColumns = `assigned_to AS "assignedTo", snoozed_until AS "snoozedUntil", claim, claim_until AS "claimUntil",
  no_contact AS "noContact", version`

type Standing = GapWork & { readonly version: number }
type GapKey = Omit<GapRef, 'version'>

/** A gap's state before and after a change, as the statements read it: a row of JSON. */
interface WrittenChange extends GapKey {
  readonly before: Standing
  readonly after: Standing
  /** The event that this change takes back. */
  readonly undoes: number | null
}

const refShape = '[{"pid":"INTEGER","measureId":"VARCHAR","groupId":"VARCHAR"}]'
const stateShape = `{"assignedTo":"VARCHAR","snoozedUntil":"VARCHAR","claim":"VARCHAR","claimUntil":"VARCHAR","noContact":"BOOLEAN","version":"INTEGER"}`
const changeShape = `[{"pid":"INTEGER","measureId":"VARCHAR","groupId":"VARCHAR","before":"JSON","after":${stateShape},"undoes":"INTEGER"}]`

/** Rows of a JSON parameter, with the source patient that a person's work is kept under: it stays theirs when persons change. */
const rowsOf = (parameter: string, shape: string): string => `(
  SELECT r.*, (SELECT min(spid) FROM source_patient s WHERE coalesce(s.pid, s.spid) = r.pid) AS spid
  FROM (SELECT unnest(from_json(${parameter}::JSON, '${shape}'), max_depth := 2)) r)`

const keyOf = ({ pid, measureId, groupId }: GapKey): string => JSON.stringify([pid, measureId, groupId])

/**
 * Applies a change to gaps, in one transaction. A gap that somebody changed since the user saw it is left as it is, and
 * told with how it stands now; the others are changed, each with an event that can be undone. A gap named twice counts once.
 */
export async function changeWork(
  session: Session,
  refs: readonly GapRef[],
  change: WorkChange,
  by: { readonly userId: string; readonly now: Date },
): Promise<ChangeOutcome[]> {
  const distinct = [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()]
  return session.transaction(async () => {
    const standings = await readWork(session, distinct)
    const outcomes = distinct.map((ref): ChangeOutcome & { readonly before: Standing } => {
      const before = standings.get(keyOf(ref)) ?? untouched
      if (before.version !== ref.version) return { ref, changed: false, now: before, before }
      return { ref, changed: true, now: { ...before, ...change.set, version: before.version + 1 }, before }
    })
    const changes = outcomes
      .filter(({ changed }) => changed)
      .map(({ ref: { pid, measureId, groupId }, before, now }) => ({
        pid,
        measureId,
        groupId,
        before,
        after: now,
        undoes: null,
      }))
    await writeChanges(session, changes, { action: change.action, note: change.note ?? null }, by)
    return outcomes.map(({ ref, changed, now }) => ({ ref, changed, now }))
  })
}

const untouched: Standing = {
  assignedTo: null,
  snoozedUntil: null,
  claim: null,
  claimUntil: null,
  noContact: false,
  version: 0,
}

/** How the work on gaps stands, by key; gaps that nobody touched are left out. */
async function readWork(session: Session, refs: readonly GapKey[]): Promise<ReadonlyMap<string, Standing>> {
  const rows = await session.all<GapKey & Standing>(
    `SELECT r.pid, r."measureId", r."groupId", ${stateColumns}
     FROM (SELECT unnest(from_json($refs::JSON, '${refShape}'), max_depth := 2)) r
     JOIN source_patient s ON coalesce(s.pid, s.spid) = r.pid
     JOIN gap_work k ON k.spid = s.spid AND k.measure_id = r."measureId" AND k.group_id = r."groupId"
     QUALIFY row_number() OVER (PARTITION BY r.pid, r."measureId", r."groupId" ORDER BY version DESC) = 1`,
    { refs: JSON.stringify(refs.map(({ pid, measureId, groupId }) => ({ pid, measureId, groupId }))) },
  )
  return new Map(rows.map(({ pid, measureId, groupId, ...standing }) => [keyOf({ pid, measureId, groupId }), standing]))
}

/** How many of these gaps the lists do not have. */
export async function readMissingGaps(session: Session, refs: readonly GapKey[]): Promise<number> {
  const row = await session.first<{ missing: number }>(
    `SELECT count(*)::INTEGER AS missing FROM (SELECT unnest(from_json($refs::JSON, '${refShape}'), max_depth := 2)) r
     WHERE NOT EXISTS (SELECT 1 FROM worklist_gap g
       WHERE g.pid = r.pid AND g.measure_id = r."measureId" AND g.group_id = r."groupId")`,
    { refs: JSON.stringify(refs.map(({ pid, measureId, groupId }) => ({ pid, measureId, groupId }))) },
  )
  return row?.missing ?? 0
}

/** Writes the states after changes, an event for each, and their rows of the lists. */
async function writeChanges(
  session: Session,
  changes: readonly WrittenChange[],
  event: { readonly action: string; readonly note: string | null },
  by: { readonly userId: string; readonly now: Date },
): Promise<void> {
  if (changes.length === 0) return
  const rows = rowsOf('$changes', changeShape)
  const parameters = { changes: JSON.stringify(changes) }
  await session.run(
    `INSERT OR REPLACE INTO gap_work SELECT spid, "measureId", "groupId", after."assignedTo", after."snoozedUntil", after.claim,
       after."claimUntil", after."noContact", after.version FROM ${rows}`,
    parameters,
  )
  await session.run(
    `INSERT INTO work_event SELECT nextval('work_event_id'), $at::TIMESTAMP, $userId, $action, spid, "measureId", "groupId",
       $note, before, to_json(after), undoes FROM ${rows}`,
    { ...parameters, ...event, userId: by.userId, at: by.now.toISOString() },
  )
  const status = statusAt('g.stored_status', 'g.due_date', 'w').replaceAll('$day', '(SELECT day FROM worklist_state)')
  await session.run(
    `UPDATE worklist_gap AS g SET assigned_to = w."assignedTo", snoozed_until = w."snoozedUntil", claim = w.claim,
       claim_until = w.claim_until, version = w.version, status = ${status}
     FROM (SELECT pid, "measureId", "groupId", after.*, after."claimUntil" AS claim_until FROM ${rows}) w
     WHERE g.pid = w.pid AND g.measure_id = w."measureId" AND g.group_id = w."groupId"`,
    parameters,
  )
  // Who must not be contacted is out of every list by one word, whichever of their gaps it was said of.
  if (changes.some(({ before, after }) => before.noContact !== after.noContact)) {
    await session.run(
      `UPDATE worklist_gap AS g SET no_contact = w.no_contact FROM (
         SELECT r.pid, bool_or(coalesce(k.no_contact, FALSE)) AS no_contact
         FROM (SELECT DISTINCT pid FROM ${rows}) r JOIN source_patient s ON coalesce(s.pid, s.spid) = r.pid
         LEFT JOIN gap_work k ON k.spid = s.spid GROUP BY r.pid) w
       WHERE g.pid = w.pid`,
      parameters,
    )
  }
  const sums = summarySql(`pid IN (SELECT pid FROM ${rows})`, '(SELECT day FROM worklist_state)')
  await session.run(
    `UPDATE worklist_person AS w SET ${summaryAssignments} FROM (${sums}) s WHERE w.pid = s.pid`,
    parameters,
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

/** A change of somebody's gap, as it is taken back. */
type UndoableEvent = GapKey & Pick<WorkEvent, 'eventId' | 'before' | 'after' | 'undone'>

/** Takes those of the changes back that nobody changed since and that were not taken back already; returns how many. */
async function takeBack(
  session: Session,
  events: readonly UndoableEvent[],
  by: { readonly userId: string; readonly now: Date },
): Promise<number> {
  const standings = await readWork(session, events)
  const changes = events.flatMap(({ eventId, pid, measureId, groupId, undone, ...event }): WrittenChange[] => {
    const key = { pid, measureId, groupId }
    const now = standings.get(keyOf(key)) ?? untouched
    if (undone || now.version !== (JSON.parse(event.after) as Standing).version) return []
    const restored = { ...(JSON.parse(event.before) as Standing), version: now.version + 1 }
    return [{ ...key, before: now, after: restored, undoes: eventId }]
  })
  await writeChanges(session, changes, { action: 'undo', note: null }, by)
  return changes.length
}

/**
 * Takes a change back: the state becomes what it was before. `stale` where somebody changed the gap since, or it was
 * taken back already; `unknown` where the person has no such event.
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
    return (await takeBack(session, [{ ...event, pid }], by)) === 1 ? 'undone' : 'stale'
  })
}

/** One thing that a user did to gaps, many or one, named by the first of its events. */
export interface WorkAction {
  readonly eventId: number
  readonly action: string
  /** ISO instant. */
  readonly at: string
  readonly gaps: number
  /** Of these, how many were taken back. */
  readonly undone: number
}

/** What a user did last to gaps; undefined where nothing was done since `since`. */
export function readLastAction(session: Session, userId: string, since: Date): Promise<WorkAction | undefined> {
  return session.first<WorkAction>(
    `SELECT min(e.event_id) AS "eventId", e.action, strftime(e.made_at, '%Y-%m-%dT%H:%M:%SZ') AS at, count(*)::INTEGER AS gaps,
       count(u.event_id)::INTEGER AS undone
     FROM work_event e LEFT JOIN work_event u ON u.undoes = e.event_id
     WHERE e.user_id = $userId AND e.action <> 'undo' AND e.made_at >= $since::TIMESTAMP
     GROUP BY e.made_at, e.action, e.note ORDER BY e.made_at DESC, min(e.event_id) DESC LIMIT 1`,
    { userId, since: since.toISOString() },
  )
}

/** The changes of one action of a user, by any event of it; none where there is no such action of theirs. */
export function readActionEvents(session: Session, userId: string, eventId: number): Promise<UndoableEvent[]> {
  return session.all<UndoableEvent>(
    `SELECT e.event_id AS "eventId", coalesce(s.pid, s.spid) AS pid, e.measure_id AS "measureId", e.group_id AS "groupId",
       e.before::VARCHAR AS before, e.after::VARCHAR AS after,
       EXISTS (SELECT 1 FROM work_event u WHERE u.undoes = e.event_id) AS undone
     FROM work_event a JOIN work_event e ON e.user_id = a.user_id AND e.made_at = a.made_at AND e.action = a.action
       AND e.note IS NOT DISTINCT FROM a.note
     JOIN source_patient s ON s.spid = e.spid
     WHERE a.event_id = $eventId AND a.user_id = $userId AND a.action <> 'undo' ORDER BY e.event_id`,
    { eventId, userId },
  )
}

/** Takes a whole action back; what somebody changed since stays as it is. */
export async function undoAction(
  session: Session,
  eventId: number,
  by: { readonly userId: string; readonly now: Date },
): Promise<{ readonly undone: number; readonly left: number }> {
  return session.transaction(async () => {
    const events = await readActionEvents(session, by.userId, eventId)
    const undone = await takeBack(session, events, by)
    return { undone, left: events.length - undone }
  })
}
