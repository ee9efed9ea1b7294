const scale = 8
const one = 10n ** 8n
/** Largest magnitude of a Decimal in units of 10^-8: the specification's 10^28 - 10^-8. */
const limit = 10n ** 36n - 1n

/** An exact decimal: `units` counts 10^-8. `places` are the digits after the point as written, for Precision and boundaries. */
export class Decimal {
  readonly kind = 'decimal'
  readonly units: bigint
  readonly places: number

  constructor(units: bigint, places: number) {
    this.units = units
    this.places = places
  }
}

/** A decimal of units; null where it is out of range: a result that cannot be represented is null. */
export function decimalOfUnits(units: bigint): Decimal | null {
  if (units > limit || units < -limit) return null
  return new Decimal(units, placesOf(units))
}

/** The least count of digits after the point that shows the value, at least 1. */
function placesOf(units: bigint): number {
  let rest = units < 0n ? -units : units
  rest %= one
  if (rest === 0n) return 1
  let places = scale
  while (rest % 10n === 0n) {
    rest /= 10n
    places -= 1
  }
  return places
}

/** Digits after the point without trailing zeros; 0 for a whole number. */
export function significantPlaces(value: Decimal): number {
  return value.units % one === 0n ? 0 : placesOf(value.units)
}

/** Integer quotient, rounded half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n
  const a = dividend < 0n ? -dividend : dividend
  const b = divisor < 0n ? -divisor : divisor
  const rounded = (2n * a + b) / (2n * b)
  return negative ? -rounded : rounded
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** The decimal of a text, rounded half away from zero to 8 places; undefined where it is none, null out of range. */
export function parseDecimal(text: string): Decimal | null | undefined {
  const match = decimalPattern.exec(text)
  if (match === null) return undefined
  const fraction = match[3] ?? ''
  const exponent = Number(match[4] ?? 0) + scale - fraction.length
  if (exponent > 60 || exponent < -400) return exponent > 0 ? null : decimalOfUnits(0n)
  const digits = BigInt(`${match[2]}${fraction}`)
  const magnitude = exponent >= 0 ? digits * 10n ** BigInt(exponent) : divideRounded(digits, 10n ** BigInt(-exponent))
  const units = match[1] === '-' ? -magnitude : magnitude
  if (units > limit || units < -limit) return null
  return new Decimal(units, match[4] === undefined ? Math.min(scale, fraction.length) : placesOf(units))
}

/** Digits after the point of a decimal's text. */
export function fractionDigits(text: string): number {
  return decimalPattern.exec(text)?.[3]?.length ?? 0
}

/** A decimal of a whole number. */
export function decimalOfInteger(value: number | bigint): Decimal {
  return new Decimal(BigInt(value) * one, 1)
}

/** A decimal of a floating-point result, rounded to 8 places; null where it is not finite or out of range. */
export function decimalOfNumber(value: number): Decimal | null {
  if (!Number.isFinite(value)) return null
  return parseDecimal(shortest(value)) ?? null
}

function shortest(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(0) : value.toPrecision(17).replace('e+', 'e')
}

/** The nearest floating-point number, for functions that have no exact form. */
export function numberOf(value: Decimal): number {
  return Number(formatDecimal(value))
}

/** As CQL writes it: as many digits after the point as were written, and at least `least`. */
export function formatDecimal(value: Decimal, least: number = 1): string {
  const magnitude = value.units < 0n ? -value.units : value.units
  const places = Math.max(value.places, significantPlaces(value), least)
  const fraction = (magnitude % one).toString().padStart(scale, '0').slice(0, places)
  return `${value.units < 0n ? '-' : ''}${magnitude / one}${places === 0 ? '' : `.${fraction}`}`
}

/** Negative, zero or positive as the first is less than, equal to or greater than the second. */
export function compareDecimals(left: Decimal, right: Decimal): -1 | 0 | 1 {
  return left.units < right.units ? -1 : left.units > right.units ? 1 : 0
}

export const addDecimals = (left: Decimal, right: Decimal): Decimal | null => decimalOfUnits(left.units + right.units)
export const subtractDecimals = (left: Decimal, right: Decimal): Decimal | null =>
  decimalOfUnits(left.units - right.units)
export const multiplyDecimals = (left: Decimal, right: Decimal): Decimal | null =>
  decimalOfUnits(divideRounded(left.units * right.units, one))
/** Null where the divisor is 0. */
export const divideDecimals = (left: Decimal, right: Decimal): Decimal | null =>
  right.units === 0n ? null : decimalOfUnits(divideRounded(left.units * one, right.units))
export const negateDecimal = (value: Decimal): Decimal => new Decimal(-value.units, value.places)

/** The whole part, towards zero. */
export const truncateDecimal = (value: Decimal): bigint => value.units / one
/** The greatest whole number that is not greater. */
export function floorDecimal(value: Decimal): bigint {
  const whole = value.units / one
  return value.units < 0n && value.units % one !== 0n ? whole - 1n : whole
}
/** The least whole number that is not less. */
export const ceilingDecimal = (value: Decimal): bigint => -floorDecimal(negateDecimal(value))

/** Rounded to a count of places, half away from zero. */
export function roundDecimal(value: Decimal, places: number): Decimal | null {
  if (places >= scale) return value
  const step = 10n ** BigInt(scale - places)
  return decimalOfUnits(divideRounded(value.units, step) * step)
}

/** Units of 10^-8 in one. */
export const unitsPerOne = one
export const largestDecimal = new Decimal(10n ** 28n - 1n, 8)
export const leastDecimal = new Decimal(-(10n ** 28n) + 1n, 8)
