/** A stream of numbers that depends on its keys alone: the same keys give the same stream on every machine. */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number

  constructor(seed: number, ...keys: readonly number[]) {
    let mixed = mix(seed | 0)
    for (const key of keys) mixed = mix(mixed ^ mix(key + 0x9e3779b9))
    this.a = mixed
    this.b = mix(mixed + 0x85ebca6b)
    this.c = mix(mixed + 0xc2b2ae35)
    this.d = 1
    for (let round = 0; round < 8; round++) this.next()
  }

  /** sfc32: a number in [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum
    this.c |= 0
    return (sum >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** One of the entries, each as often as its weight says. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let total = 0
    for (const entry of entries) total += entry[1]
    let left = this.next() * total
    for (const [value, weight] of entries) {
      left -= weight
      if (left < 0) return value
    }
    return (entries[entries.length - 1] as readonly [T, number])[0]
  }

  /** A standard normal number (Box and Muller; the second of the pair is thrown away to keep no state). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }
}

function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) | 0
}

/** The share of a standard normal population below z (Abramowitz and Stegun 26.2.17, error under 1e-7). */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const tail =
    Math.exp((-z * z) / 2) *
    0.3989422804014327 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return z > 0 ? 1 - tail : tail
}
