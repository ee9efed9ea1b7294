import ucumLhc from '@lhncbc/ucum-lhc'
import { Decimal, decimalOfUnits, divideRounded, numberOf, parseDecimal } from './decimal.ts'

/** Calendar units and the singular that stands for both forms. */
const calendarUnits = new Map(
  ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].flatMap((unit) => [
    [unit, unit],
    [`${unit}s`, unit],
  ]),
)
/** Calendar units of a fixed length, which are those of UCUM. Year and month are not: they vary. */
const definiteUnits = new Map([
  ['week', 'wk'],
  ['day', 'd'],
  ['hour', 'h'],
  ['minute', 'min'],
  ['second', 's'],
  ['millisecond', 'ms'],
])

/** The calendar unit that a unit names, in the singular; undefined for a UCUM unit. */
export function calendarUnit(unit: string): string | undefined {
  return calendarUnits.get(unit)
}

/** How two quantities are put side by side: exactly, or as equivalence does, which takes a year for 365 days. */
export type Comparability = 'equal' | 'equivalent'

/**
 * A value in another unit; null where the units cannot be compared. Year and month compare with each other and,
 * for equivalence alone, with UCUM's `a`, `mo` and with days.
 */
export function convertUnit(value: Decimal, from: string, to: string, how: Comparability = 'equal'): Decimal | null {
  const source = definite(from)
  const target = definite(to)
  if (source === target) return value
  const factor = unitFactor(source, target, how)
  if (factor === undefined) return convertSpecial(value, source, target)
  return factor === null ? null : decimalOfUnits(divideRounded(value.units * factor[0], factor[1]))
}

function definite(unit: string): string {
  const calendar = calendarUnits.get(unit)
  return calendar === undefined ? unit : (definiteUnits.get(calendar) ?? calendar)
}

const variable = new Set(['year', 'month'])
const monthsOf = new Map<string, bigint>([
  ['year', 12n],
  ['a', 12n],
  ['month', 1n],
  ['mo', 1n],
])
const daysOf = new Map<string, bigint>([
  ['year', 365n],
  ['month', 30n],
])

/** The exact factor as a fraction; null where the two may not be compared, undefined where no calendar unit is in play. */
function calendarFactor(from: string, to: string, how: Comparability): UnitFactor | null | undefined {
  if (!variable.has(from) && !variable.has(to)) return undefined
  const fromMonths = monthsOf.get(from)
  const toMonths = monthsOf.get(to)
  const bothCalendar = variable.has(from) && variable.has(to)
  if (fromMonths !== undefined && toMonths !== undefined && (bothCalendar || how === 'equivalent'))
    return [fromMonths, toMonths]
  if (how === 'equal') return null
  const fromDays = daysOf.get(from)
  if (fromDays !== undefined) return dayFactor(fromDays, to)
  const inverse = dayFactor(daysOf.get(to) ?? 0n, from)
  return inverse === null ? null : [inverse[1], inverse[0]]
}

function dayFactor(days: bigint, unit: string): UnitFactor | null {
  const factor = factorOf('d', unit)
  return factor === null ? null : [days * factor.units, 10n ** BigInt(factor.places)]
}

interface Factor {
  readonly units: bigint
  readonly places: number
}

const factors = new Map<string, Factor | null>()
let ucum: ReturnType<typeof ucumLhc.UcumLhcUtils.getInstance> | undefined

/** UCUM's tables take a while to load: only the first unit that differs from another pays for it. */
function service() {
  ucum ??= ucumLhc.UcumLhcUtils.getInstance()
  return ucum
}

/** A factor as a fraction of whole numbers. */
export type UnitFactor = readonly [dividend: bigint, divisor: bigint]

/**
 * What `convertUnit` multiplies by; null where the units cannot be compared, undefined where it does more than that: of
 * units with a zero point of their own.
 */
export function unitFactor(from: string, to: string, how: Comparability = 'equal'): UnitFactor | null | undefined {
  const source = definite(from)
  const target = definite(to)
  if (source === target) return [1n, 1n]
  const calendar = calendarFactor(source, target, how)
  if (calendar !== undefined) return calendar
  if (isSpecial(source) || isSpecial(target)) return undefined
  const factor = factorOf(source, target)
  return factor === null ? null : [factor.units, 10n ** BigInt(factor.places)]
}

/** A unit as UCUM writes it. A calendar unit (year) is none. */
export function isUcumUnit(unit: string): boolean {
  return unit === '1' || service().validateUnitString(unit).status === 'valid'
}

/** Two UCUM units of one size: a number of the one is that number of the other (`mm[Hg]` and `mm[Hg]`, `kg/m2` and `kg.m-2`). */
export function isSameUnit(one: string, other: string): boolean {
  if (one === other) return true
  if (isSpecial(one) || isSpecial(other)) return false
  const factor = factorOf(one, other)
  return factor !== null && factor.units === 10n ** BigInt(factor.places)
}

function convertSpecial(value: Decimal, from: string, to: string): Decimal | null {
  const answer = service().convertUnitTo(from, numberOf(value), to)
  return answer.status === 'succeeded' && answer.toVal !== null
    ? (parseDecimal(answer.toVal.toPrecision(15).replace('e+', 'e')) ?? null)
    : null
}

/** Units with a zero point of their own (temperatures, logarithms) have no factor. */
function isSpecial(unit: string): boolean {
  return /Cel|\[deg|\[pH\]|B\[|Np|\bB\b/.test(unit)
}

function factorOf(from: string, to: string): Factor | null {
  const key = `${from}\u0000${to}`
  const known = factors.get(key)
  if (known !== undefined) return known
  const factor = measureFactor(from, to)
  factors.set(key, factor)
  return factor
}

function measureFactor(from: string, to: string): Factor | null {
  if (from === to) return { units: 1n, places: 0 }
  const answer = service().convertUnitTo(from, 1, to)
  if (answer.status !== 'succeeded' || answer.toVal === null) return null
  return exactFactor(answer.toVal)
}

/** A factor as an exact decimal fraction of 15 significant digits: binary noise of the tables is cut off. */
function exactFactor(value: number): Factor {
  const [digits = '0', exponent = '0'] = value.toExponential(14).split('e')
  const [whole = '0', fraction = ''] = digits.split('.')
  const places = fraction.length - Number(exponent)
  const units = BigInt(`${whole}${fraction}`)
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 }
}

/** The unit of a product (`power` 1) or a quotient (`power` -1): exponents of like terms are added. */
export function combineUnits(left: string, right: string, power: 1 | -1): string {
  const terms = new Map<string, number>()
  const add = (unit: string, sign: number) => {
    for (const [term, exponent] of termsOf(definite(unit))) terms.set(term, (terms.get(term) ?? 0) + sign * exponent)
  }
  add(left, 1)
  add(right, power)
  return formatTerms([...terms].filter(([, exponent]) => exponent !== 0))
}

function termsOf(unit: string): [string, number][] {
  let sign = 1
  const terms: [string, number][] = []
  for (const part of unit.split(/([./])/)) {
    if (part === '/' || part === '.') sign = part === '/' ? -1 : 1
    else if (part !== '' && part !== '1') terms.push(termOf(part, sign))
  }
  return terms
}

function termOf(text: string, sign: number): [string, number] {
  const match = /^(.*?[^\d+-])([+-]?\d+)$/.exec(text)
  return match?.[1] === undefined || match[1].startsWith('[') !== match[1].endsWith(']')
    ? [text, sign]
    : [match[1], sign * Number(match[2])]
}

function formatTerm([term, exponent]: readonly [string, number]): string {
  return `${term}${Math.abs(exponent) === 1 ? '' : Math.abs(exponent)}`
}

function formatTerms(terms: readonly (readonly [string, number])[]): string {
  const above = terms.filter(([, exponent]) => exponent > 0).map(formatTerm)
  const below = terms.filter(([, exponent]) => exponent < 0).map(formatTerm)
  if (above.length === 0 && below.length === 0) return '1'
  return `${above.length === 0 && below.length > 0 ? '' : above.join('.')}${below.map((term) => `/${term}`).join('')}`
}
