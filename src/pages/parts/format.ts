const whole = new Intl.NumberFormat('en-US')
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A count with thousands separators. */
export const formatCount = (value: number): string => whole.format(value)

/** A share between 0 and 1 as a percentage with one decimal. */
export const formatPercent = (share: number): string => `${(share * 100).toFixed(1)}%`

/** A FHIR date of any precision in words (`Mar 4, 2025`, `Mar 2025`, `2025`); other text is left as it is. */
export function formatDay(date: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date)
  const [, year, month, day] = match ?? []
  if (year === undefined) return date
  const name = months[Number(month) - 1]
  if (month === undefined || name === undefined) return year
  return day === undefined ? `${name} ${year}` : `${name} ${Number(day)}, ${year}`
}

/** A UTC instant to the minute; where it holds only a date, that. */
export function formatInstant(instant: string): string {
  const time = /T(\d{2}:\d{2})/.exec(instant)?.[1]
  return time === undefined
    ? formatDay(instant)
    : `${formatDay(instant)}, ${time}${instant.endsWith('Z') ? ' UTC' : ''}`
}

/** The time between two instants, as a person says it. */
export function formatDuration(from: string, to: string): string {
  const seconds = (new Date(to).getTime() - new Date(from).getTime()) / 1000
  if (!Number.isFinite(seconds)) return ''
  if (seconds < 90) return `${Math.round(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

/** `n thing` or `n things`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** The first characters of a hash in hex: enough to compare by eye. The store's row hashes are decimal numbers. */
export const shortHash = (hash: string): string =>
  (/^\d{20,39}$/.test(hash) ? BigInt(hash).toString(16).padStart(32, '0') : hash.replace(/^sha256[:-]/, '')).slice(
    0,
    12,
  )

/** A file by its folder and name: enough to find it, without the folders of the machine. */
export const shortPath = (path: string): string => path.split(/[\\/]/).slice(-2).join('/')

/** A FHIR administrative gender in the words of the pages. */
export const formatSex = (sex: string | null): string =>
  sex === null ? 'Not known' : sex.charAt(0).toUpperCase() + sex.slice(1)
