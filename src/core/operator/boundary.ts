import { Decimal } from '../value/decimal.ts'
import { ceilWall, floorWall, type Precision, type Temporal, withWall } from '../value/temporal.ts'
import type { Value } from '../value/value.ts'
import { type Operator, overload, ownNulls, strict } from './operator.ts'

type Side = 'low' | 'high'

/** Digits of a date or time as Precision counts them: `2014-01` has 6. */
const digitsOfDate = [4, 6, 8, 10, 12, 14, 17] as const
const digitsOfTime = [0, 0, 0, 2, 4, 6, 9] as const

const digitsOf = (kind: Temporal['kind']) => (kind === 'time' ? digitsOfTime : digitsOfDate)
const finest = { date: 8, datetime: 17, time: 9 } as const

/** The least or greatest value that a decimal of so many digits may stand for, at more digits; null past 8. */
function decimalBoundary(value: Decimal | null, places: number | null, side: Side): Value {
  if (value === null) return null
  const wanted = places ?? 8
  if (wanted < 0 || wanted > 8) return null
  const step = 10n ** BigInt(8 - wanted)
  const cut = value.units - (value.units % step)
  const slack = 10n ** BigInt(8 - value.places)
  // Away from zero the value may reach to just before the next at its own precision.
  const outward = value.units < 0n ? side === 'low' : side === 'high'
  const reach = outward && wanted > value.places ? slack - step : 0n
  return new Decimal(value.units < 0n ? cut - reach : cut + reach, wanted)
}

/** The first or last value of a precision (in digits) that an imprecise date or time may stand for. */
function temporalBoundary(value: Temporal | null, digits: number | null, side: Side): Value {
  if (value === null) return null
  const precision = digitsOf(value.kind).indexOf((digits ?? finest[value.kind]) as never)
  if (precision === -1) return null
  const wall = side === 'low' ? value.wall : ceilWall(value.wall, value.precision)
  return withWall(value, floorWall(wall, precision as Precision), precision as Precision)
}

function boundary(name: string, side: Side): Operator {
  const ofTemporal = (value: Temporal | null, digits: number | null) => temporalBoundary(value, digits, side)
  return ownNulls('arithmetic', name, [
    overload('(Decimal, Integer): Decimal', (value: Decimal | null, places: number | null) =>
      decimalBoundary(value, places, side),
    ),
    overload('(Date, Integer): Date', ofTemporal),
    overload('(DateTime, Integer): DateTime', ofTemporal),
    overload('(Time, Integer): Time', ofTemporal),
  ])
}

const temporalPrecision = (value: Temporal): number => digitsOf(value.kind)[value.precision] ?? 0

/** https://cql.hl7.org/09-b-cqlreference.html#highboundary and #precision */
export const boundaryOperators: readonly Operator[] = [
  boundary('LowBoundary', 'low'),
  boundary('HighBoundary', 'high'),
  strict('arithmetic', 'Precision', [
    overload('(Decimal): Integer', (value: Decimal) => value.places),
    ...['Date', 'DateTime', 'Time'].map((type) => overload(`(${type}): Integer`, temporalPrecision)),
  ]),
]
