import { createHash, randomBytes } from 'node:crypto'

/** Values under secrets that only their holder knows, each for a while; of the secrets themselves only hashes are kept. */
export interface Expiring<T> {
  /** Keeps a value and gives the secret that it is found by. */
  keep(value: T, lifeMs: number): string
  find(secret: string): T | undefined
  /** Finds it once. */
  take(secret: string): T | undefined
}

/** At most `most` values; beyond that the oldest are let go. `now` is in milliseconds. */
export function createExpiring<T>(now: () => number, most: number): Expiring<T> {
  const kept = new Map<string, { readonly value: T; readonly until: number }>()
  const find = (secret: string): T | undefined => {
    const found = kept.get(hashOf(secret))
    return found !== undefined && found.until > now() ? found.value : undefined
  }
  return {
    keep(value, lifeMs) {
      for (const [key, { until }] of kept) {
        if (until > now() && kept.size < most) break
        kept.delete(key)
      }
      const secret = randomBytes(32).toString('base64url')
      kept.set(hashOf(secret), { value, until: now() + lifeMs })
      return secret
    },
    find,
    take(secret) {
      const value = find(secret)
      kept.delete(hashOf(secret))
      return value
    },
  }
}

export const hashOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('base64url')
