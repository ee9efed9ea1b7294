const formats = new Map<string, Intl.DateTimeFormat>()

/** Kept, for making one takes a millisecond. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, known)
  return known
}

/** A moment as ISO text with the offset of a zone then: what CQL's Now and Today are read from. */
export function zonedTime(now: string, timeZone: string): string {
  const at = Date.parse(now)
  const parts = formatFor(timeZone).formatToParts(at)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (match === null) return new Date(at).toISOString().replace('Z', '+00:00')
  const minutes = (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
  const wall = new Date(at + minutes * 60_000).toISOString().replace('Z', '')
  return `${wall}${match[1]}${match[2]}:${match[3]}`
}
