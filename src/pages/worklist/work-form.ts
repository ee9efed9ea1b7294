import type { GapRef } from '../../store/index.ts'

/** A gap as the page's boxes hold it: `pid|measure|group|version`. */
export const gapValue = ({ pid, measureId, groupId, version }: GapRef): string =>
  `${pid}|${measureId}|${groupId}|${version}`

/** The body for the whole list that a form was made beside. */
export function listBody(form: Readonly<Record<string, unknown>>): unknown {
  const { gaps: _chosen, ...rest } = workBody(form) as Readonly<Record<string, unknown>>
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '')
  return { ...rest, list: Object.fromEntries(new URLSearchParams(text('list'))), expected: numberOf(text('expected')) }
}

/** The body that a form's fields stand for; what they hold is checked where it is used. */
export function workBody(form: Readonly<Record<string, unknown>>): unknown {
  const { gap, action, text, days } = form
  return {
    gaps: gap === undefined ? [] : [gap].flat().map(gapOf),
    action,
    ...(text === undefined ? {} : { text }),
    ...(days === undefined || days === '' ? {} : { days: Number(days) }),
  }
}

function gapOf(value: unknown): object {
  const [pid, measureId, groupId, version] = String(value).split('|')
  return { pid: numberOf(pid), measureId, groupId, version: numberOf(version) }
}

/** What is no number stays what it is, to be refused by name. */
const numberOf = (text: string | undefined): unknown => (/^\d{1,10}$/.test(text ?? '') ? Number(text) : text)
