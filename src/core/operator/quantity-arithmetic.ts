import { addDecimals, type Decimal, decimalOfInteger, divideDecimals, negateDecimal } from '../value/decimal.ts'
import { calendarUnit, combineUnits, convertUnit } from '../value/unit.ts'
import { Quantity } from '../value/value.ts'

const one = decimalOfInteger(1)

/**
 * Sum (sign 1) or difference (sign -1), in the finer unit of the two, as the specification asks; null where the
 * units cannot be compared.
 */
export function addQuantities(left: Quantity, right: Quantity, sign: 1 | -1): Quantity | null {
  const addend = sign === 1 ? right.value : negateDecimal(right.value)
  const [a, b, unit] = inFinerUnit(left, new Quantity(addend, right.unit))
  const sum = a === null || b === null ? null : addDecimals(a, b)
  return sum === null ? null : new Quantity(sum, unit)
}

function inFinerUnit(left: Quantity, right: Quantity): readonly [Decimal | null, Decimal | null, string] {
  if (left.unit === right.unit) return [left.value, right.value, left.unit]
  const oneLeft = convertUnit(one, left.unit, right.unit)
  const leftIsFiner = oneLeft !== null && oneLeft.units < one.units
  return leftIsFiner
    ? [left.value, convertUnit(right.value, right.unit, left.unit), left.unit]
    : [convertUnit(left.value, left.unit, right.unit), right.value, right.unit]
}

/** A quotient with the quotient of the units; null where the divisor is 0. */
export function perQuantity(left: Quantity, right: Quantity): Quantity | null {
  const same = convertUnit(right.value, right.unit, left.unit)
  const value = divideDecimals(left.value, same ?? right.value)
  if (value === null) return null
  return new Quantity(value, same === null || right.unit === '1' ? combineUnits(left.unit, right.unit, -1) : '1')
}

/** Whole quotient or remainder of quantities in the left one's unit; null where they cannot be compared. */
export function remainderOfQuantities(
  left: Quantity,
  right: Quantity,
  divide: (left: Decimal, right: Decimal) => Decimal | null,
): Quantity | null {
  const divisor = right.unit === '1' ? right.value : convertUnit(right.value, right.unit, left.unit)
  const value = divisor === null ? null : divide(left.value, divisor)
  return value === null ? null : new Quantity(value, calendarUnit(left.unit) ?? left.unit)
}
