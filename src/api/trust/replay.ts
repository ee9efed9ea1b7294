/** The ids of JWTs that were used, until they expire. */
export interface ReplayGuard {
  /** True the first time: asking and keeping are one step. */
  use(issuer: string, jti: string, expiresMs: number): boolean
}

/** Ids in memory. One process owns the store, so nothing else could have taken the same JWT meanwhile. */
export function createReplayGuard(now: () => number): ReplayGuard {
  const used = new Map<string, number>()
  let sweepAt = 0
  return {
    use(issuer, jti, expiresMs) {
      const at = now()
      if (at >= sweepAt) {
        for (const [key, until] of used) if (until < at) used.delete(key)
        sweepAt = at + 60_000
      }
      const key = `${issuer}\u0000${jti}`
      if (used.has(key)) return false
      used.set(key, expiresMs)
      return true
    },
  }
}
