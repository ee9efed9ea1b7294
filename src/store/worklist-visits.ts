import type { Session } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** A visit of a day with what is to be talked about. */
export interface HuddleRow {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
  readonly provider: string | null
  readonly what: string | null
  readonly gaps: readonly { readonly measureId: string; readonly status: string; readonly dueDate: string | null }[]
}

/** Who is expected on a day, by provider and name, each with their gaps that are not done. */
export function readHuddle(session: Session, day: string, visible: PersonFilter): Promise<HuddleRow[]> {
  const allowed = personPredicate(visible, 'w.pid')
  return session.all<HuddleRow>(
    `SELECT w.pid, w.name, w.birth_date AS "birthDate", coalesce(v.provider, w.provider) AS provider, v.what,
       coalesce((SELECT list({measureId: g.measure_id, status: g.status, dueDate: g.due_date} ORDER BY g.due_date NULLS LAST, g.measure_id)
         FROM worklist_gap g WHERE g.pid = w.pid AND g.status IN ('open', 'ordered', 'awaiting-data', 'unknown')), []) AS gaps
     FROM worklist_visit v JOIN worklist_person w ON w.pid = v.pid
     WHERE v.day = $day AND ${allowed.sql} ORDER BY provider NULLS LAST, w.name NULLS LAST, w.pid`,
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
