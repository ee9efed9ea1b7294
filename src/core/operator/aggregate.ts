import { compareValues } from '../value/compare.ts'
import {
  type Decimal,
  decimalOfInteger,
  decimalOfNumber,
  decimalOfUnits,
  divideRounded,
  multiplyDecimals,
  numberOf,
  subtractDecimals,
} from '../value/decimal.ts'
import type { Environment } from '../value/environment.ts'
import { equal } from '../value/equality.ts'
import { sortOrder } from '../value/sort-order.ts'
import { convertUnit } from '../value/unit.ts'
import { Quantity, type Value } from '../value/value.ts'
import { arithmetic } from './apply.ts'
import { type CallSite, type Operator, type Overload, overload, ownNulls } from './operator.ts'

type MaybeList = readonly Value[] | null

const source = { fields: ['source'] } as const
const present = (list: MaybeList): Value[] => list?.filter((item) => item !== null) ?? []

/** Over the elements that are not null; null where there are none. */
function overPresent(signature: string, fold: (values: readonly Value[], env: Environment) => Value): Overload {
  return overload(signature, (list: MaybeList, _: CallSite, env: Environment) => {
    const values = present(list)
    return values.length === 0 ? null : fold(values, env)
  })
}

const sum = (values: readonly Value[], env: Environment): Value =>
  values.slice(1).reduce((total, value) => arithmetic('Add', total, value, env), values[0] ?? null)
const product = (values: readonly Value[], env: Environment): Value =>
  values.slice(1).reduce((total, value) => arithmetic('Multiply', total, value, env), values[0] ?? null)

/** The element that no other passes in the wanted direction, in the order of a sort; of equals, the first. */
function extreme(wanted: -1 | 1) {
  return (values: readonly Value[], env: Environment): Value =>
    values.reduce((best, value) => (sortOrder(value, best, env) * wanted > 0 ? value : best))
}

const sorted = (values: readonly Value[], env: Environment): Value[] =>
  values.toSorted((left, right) => compareValues(left, right, env) ?? 0)

function halved(value: Value, env: Environment): Value {
  return value instanceof Quantity
    ? arithmetic('Divide', value, new Quantity(decimalOfInteger(2), '1'), env)
    : arithmetic('Divide', value, decimalOfInteger(2), env)
}

function median(values: readonly Value[], env: Environment): Value {
  const order = sorted(values, env)
  const middle = Math.floor(order.length / 2)
  if (order.length % 2 === 1) return order[middle] ?? null
  return halved(arithmetic('Add', order[middle - 1] ?? null, order[middle] ?? null, env), env)
}

/** The most frequent element; of several, the one that comes first. */
function mode(values: readonly Value[], env: Environment): Value {
  const counts: { value: Value; count: number }[] = []
  for (const value of values) {
    const seen = counts.find((entry) => equal(entry.value, value, env) === true)
    if (seen === undefined) counts.push({ value, count: 1 })
    else seen.count += 1
  }
  return counts.reduce((best, entry) => (entry.count > best.count ? entry : best)).value
}

type Statistic = (values: readonly Decimal[]) => Decimal | null

const total = (values: readonly Decimal[]): bigint => values.reduce((sum, value) => sum + value.units, 0n)

const divideUnits = (units: bigint, count: bigint): Decimal | null => decimalOfUnits(divideRounded(units, count))
const mean: Statistic = (values) => divideUnits(total(values), BigInt(values.length))

/** Sum of squared distances from the mean, over `count - less`; null where that is not positive. */
function varianceOver(less: 0 | 1): Statistic {
  return (values) => {
    const centre = mean(values)
    if (centre === null || values.length - less < 1) return null
    const squares = values.map((value) => {
      const distance = subtractDecimals(value, centre)
      return distance === null ? null : multiplyDecimals(distance, distance)
    })
    const known = squares.filter((square) => square !== null)
    return known.length < squares.length ? null : divideUnits(total(known), BigInt(values.length - less))
  }
}

function rootOf(statistic: Statistic): Statistic {
  return (values) => {
    const value = statistic(values)
    return value === null ? null : decimalOfNumber(Math.sqrt(numberOf(value)))
  }
}

const geometricMean: Statistic = (values) => {
  const logs = values.reduce((sum, value) => sum + Math.log(numberOf(value)), 0)
  return values.some((value) => value.units <= 0n) ? null : decimalOfNumber(Math.exp(logs / values.length))
}

/** A statistic of decimals, and of quantities in the first one's unit. */
function statistic(name: string, compute: Statistic): Operator {
  return ownNulls(
    'aggregate',
    name,
    [
      overPresent('(List<Decimal>): Decimal', (values) => compute(values as Decimal[])),
      overPresent('(List<Quantity>): Quantity', (values) => {
        const quantities = values as Quantity[]
        const unit = quantities[0]?.unit ?? '1'
        const magnitudes = quantities.map((quantity) => convertUnit(quantity.value, quantity.unit, unit))
        const known = magnitudes.filter((magnitude) => magnitude !== null)
        const result = known.length < magnitudes.length ? null : compute(known)
        return result === null ? null : new Quantity(result, unit)
      }),
    ],
    source,
  )
}

const numbers = ['Integer', 'Long', 'Decimal', 'Quantity']
const ordered = [...numbers, 'Date', 'DateTime', 'Time', 'String']

function aggregate(
  name: string,
  types: readonly string[],
  fold: (values: readonly Value[], env: Environment) => Value,
): Operator {
  return ownNulls(
    'aggregate',
    name,
    types.map((type) => overPresent(`(List<${type}>): ${type}`, fold)),
    source,
  )
}

/** https://cql.hl7.org/09-b-cqlreference.html#aggregate-functions. Nulls are left out; of none, the answer is null. */
export const aggregateOperators: readonly Operator[] = [
  ownNulls(
    'aggregate',
    'AllTrue',
    [overload('(List<Boolean>): Boolean', (list: MaybeList) => present(list).every((value) => value === true))],
    source,
  ),
  ownNulls(
    'aggregate',
    'AnyTrue',
    [overload('(List<Boolean>): Boolean', (list: MaybeList) => list?.includes(true) ?? false)],
    source,
  ),
  ownNulls('aggregate', 'Count', [overload('(List<T>): Integer', (list: MaybeList) => present(list).length)], source),
  aggregate('Sum', numbers, sum),
  aggregate('Product', numbers, product),
  aggregate('Min', ordered, extreme(-1)),
  aggregate('Max', ordered, extreme(1)),
  aggregate('Median', ['Decimal', 'Quantity'], median),
  ownNulls('aggregate', 'Mode', [overPresent('(List<T>): T', mode)], source),
  statistic('Avg', mean),
  statistic('GeometricMean', geometricMean),
  statistic('Variance', varianceOver(1)),
  statistic('PopulationVariance', varianceOver(0)),
  statistic('StdDev', rootOf(varianceOver(1))),
  statistic('PopulationStdDev', rootOf(varianceOver(0))),
]
