/** The statuses of gaps that lists hold: all but those outside the denominator. */
export const worklistStatuses = [
  'open',
  'unknown',
  'ordered',
  'awaiting-data',
  'prospective',
  'closed',
  'excluded',
] as const

/** The columns of a person's row that sum up their gaps of a status: how many are not snoozed, and the first due day. */
export function summaryOf(status: string): { readonly count: string; readonly due: string } {
  const name = status.replaceAll('-', '_')
  return { count: `${name}_gaps`, due: `${name}_due` }
}

/** The due day of a gap without one: after all others. */
export const noDueDay = 2 ** 31 - 1

/** A query of the sums by person over rows of `worklist_gap` that `condition` lets through, with `no_contact`. */
export const summarySql = (condition: string, day: string): string =>
  `SELECT pid, bool_or(no_contact) AS no_contact, ${worklistStatuses
    .map((status) => {
      const filter = `FILTER (status = '${status}' AND (snoozed_until IS NULL OR snoozed_until <= ${day}))`
      const { count, due } = summaryOf(status)
      return `(count(*) ${filter})::SMALLINT AS ${count}, coalesce(min(due_day) ${filter}, ${noDueDay}) AS ${due}`
    })
    .join(', ')}
   FROM worklist_gap WHERE ${condition} GROUP BY pid`

/** Assignments of the sums of `s` to a person's row. */
export const summaryAssignments: string = [
  'no_contact',
  ...worklistStatuses.flatMap((status) => Object.values(summaryOf(status))),
]
  .map((column) => `${column} = s.${column}`)
  .join(', ')
