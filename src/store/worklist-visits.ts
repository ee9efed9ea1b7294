import type { Session } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** A visit of a day with what is to be talked about. */
export interface HuddleRow {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
  readonly provider: string | null
  readonly what: string | null
  /** HH:MM by the clocks of the source; null where only the day is known. */
  readonly time: string | null
  readonly gaps: readonly HuddleGap[]
}

/** A gap that is not done, with what would close it. */
export interface HuddleGap {
  readonly measureId: string
  readonly status: string
  readonly dueDate: string | null
  readonly nextAction: string | null
}

/** Who is expected on a day, by provider, time and name, each with their gaps that are not done. */
export function readHuddle(session: Session, day: string, visible: PersonFilter): Promise<HuddleRow[]> {
  const allowed = personPredicate(visible, 'w.pid')
  return session.all<HuddleRow>(
    `SELECT w.pid, w.name, w.birth_date AS "birthDate", coalesce(v.provider, w.provider) AS provider, v.what, v.time,
       coalesce((SELECT list({measureId: g.measure_id, status: g.status, dueDate: g.due_date, nextAction: r.next_action}
           ORDER BY g.due_date NULLS LAST, g.measure_id)
         FROM worklist_gap g JOIN gap r ON r.run_id = (SELECT run_id FROM worklist_state)
           AND r.pid = g.pid AND r.measure_id = g.measure_id AND r.group_id = g.group_id
         WHERE g.pid = w.pid AND g.status IN ('open', 'ordered', 'awaiting-data', 'unknown')), []) AS gaps
     FROM worklist_visit v JOIN worklist_person w ON w.pid = v.pid
     WHERE v.day = $day AND ${allowed.sql} ORDER BY provider NULLS LAST, v.time NULLS LAST, w.name NULLS LAST, w.pid`,
    { day, ...allowed.parameters },
  )
}

/** The first day after `day` on which somebody of those whom the user may see is expected; undefined where there is none. */
export async function readNextVisitDay(
  session: Session,
  day: string,
  visible: PersonFilter,
): Promise<string | undefined> {
  const allowed = personPredicate(visible, 'v.pid')
  const row = await session.first<{ day: string | null }>(
    `SELECT min(v.day) AS day FROM worklist_visit v WHERE v.day > $day AND ${allowed.sql}`,
    { day, ...allowed.parameters },
  )
  return row?.day ?? undefined
}
