/** Above this a number cannot be seconds to wait: it is an epoch, in seconds or in milliseconds. */
const leastEpochSeconds = 1e9
const leastEpochMs = 1e11

/**
 * Milliseconds that a server asks to wait (RFC 9110, 10.2.3): seconds or a date, and the epochs that real servers
 * send. Undefined where it is missing, past, negative or no time at all: the caller then backs off.
 */
export function retryAfterMs(header: string | undefined, now: number, serverDate?: string): number | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const number = Number(text)
  const ms = Number.isNaN(number) ? untilMs(Date.parse(text), now, serverDate) : numberMs(number, now)
  return ms === undefined || !Number.isFinite(ms) || ms < 0 ? undefined : Math.round(ms)
}

function numberMs(number: number, now: number): number {
  if (number >= leastEpochMs) return number - now
  if (number >= leastEpochSeconds) return number * 1000 - now
  return number * 1000
}

/** A date is of the server's clock, so it counts from the server's own date where that is known. */
function untilMs(time: number, now: number, serverDate: string | undefined): number | undefined {
  if (Number.isNaN(time)) return undefined
  const from = Date.parse(serverDate ?? '')
  return time - (Number.isNaN(from) ? now : from)
}

/** A wait within bounds, so that neither 0 nor an absurd value makes a hot loop or an endless sleep. */
export function clampMs(ms: number, leastMs: number, mostMs: number): number {
  return Math.min(mostMs, Math.max(leastMs, ms))
}
