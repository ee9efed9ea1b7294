import { isObject } from '../../fhir/index.ts'

/** A moment of a resource that falls into another month by one zone than by another. */
export interface ZonedMoment {
  /** Where it stands, `period.start`. */
  readonly path: string
  readonly written: string
  /** Its day in the zone of the measurement period, and in the source's own. */
  readonly day: string
  readonly localDay: string
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * The moments of a resource that lie in another month by the source's zone than by that of the measurement period: there
 * every period begins and ends that starts with a month. Texts without an offset have no zone and are left out.
 */
export function zonedMoments(resource: unknown, from: string, to: string): readonly ZonedMoment[] {
  const found: ZonedMoment[] = []
  // A person's own dates are days; several sources tell them together.
  if (isObject(resource) && resource['resourceType'] === 'Patient') return found
  visit(resource, '', (written, path) => {
    const at = new Date(written)
    const [day, localDay] = [wallClock(at, to).slice(0, 10), wallClock(at, from).slice(0, 10)]
    if (day.slice(0, 7) !== localDay.slice(0, 7)) found.push({ path, written, day, localDay })
  })
  return found
}

/**
 * The resource with every moment of it as the source's clocks showed it, read in the zone of the measurement period; undefined
 * where none of its moments lies in another month. All moments move together, so that lengths of time stay.
 */
export function inLocalDays(resource: Readonly<Record<string, unknown>>, from: string, to: string) {
  if (zonedMoments(resource, from, to).length === 0) return undefined
  return mapMoments(resource, (written) => moved(written, from, to)) as Readonly<Record<string, unknown>>
}

/** When a line was last changed is no clinical fact. */
const besides = new Set(['meta', 'contained'])

function visit(value: unknown, path: string, see: (written: string, path: string) => void): void {
  if (typeof value === 'string') {
    if (moment.test(value) && !Number.isNaN(Date.parse(value))) see(value, path)
  } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}[${index}]`, see))
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value))
      if (path !== '' || !besides.has(key)) visit(item, path === '' ? key : `${path}.${key}`, see)
  }
}

function mapMoments(value: unknown, change: (written: string) => string, isRoot = true): unknown {
  if (typeof value === 'string') return moment.test(value) && !Number.isNaN(Date.parse(value)) ? change(value) : value
  if (Array.isArray(value)) return value.map((item) => mapMoments(item, change, false))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isRoot && besides.has(key) ? item : mapMoments(item, change, false),
    ]),
  )
}

/** The same wall clock as in `from`, with the offset that `to` has then; as finely written as before. */
function moved(written: string, from: string, to: string): string {
  const wall = wallClock(new Date(written), from)
  const [, seconds] = moment.exec(written) ?? []
  const [fraction = ''] = /\.\d+/.exec(written) ?? []
  const text = seconds === undefined ? wall.slice(0, 16) : `${wall}${fraction}`
  // Offsets change at some hour: the guess is mended once by the offset found there.
  const naive = Date.parse(`${wall}Z`)
  const guess = offsetMinutes(new Date(naive), to)
  return `${text}${offsetText(offsetMinutes(new Date(naive - guess * 60_000), to))}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const known = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, ...parts, ...time })
  formats.set(timeZone, known)
  return known
}

/** `2026-12-31T23:30:00`, as a clock of the zone shows it. */
const wallClock = (at: Date, timeZone: string): string => formatOf(timeZone).format(at).replace(' ', 'T')

const offsetMinutes = (at: Date, timeZone: string): number =>
  Math.round((Date.parse(`${wallClock(at, timeZone)}Z`) - Math.floor(at.getTime() / 1000) * 1000) / 60_000)

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

const two = (n: number): string => String(n).padStart(2, '0')
