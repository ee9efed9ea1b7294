import type { CoreType } from '../../core/index.ts'
import {
  both,
  call,
  choose,
  field,
  guard,
  integer,
  isNotNull,
  isNull,
  not,
  nothing,
  pack,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import type { AggregateName } from '../algebra/relation.ts'
import {
  booleanTypeOf,
  decimalTypeOf,
  integerTypeOf,
  isTemporal,
  longTypeOf,
  quantityTypeOf,
  systemName,
  textTypeOf,
} from '../algebra/types.ts'
import { settle } from '../formula/convert.ts'
import { momentOf } from '../formula/point.ts'
import { asRows, ifPresent, type Opened, open, orderOf } from './list.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered, scalar } from './lowered.ts'

type Fold = (opened: Opened, site: ListSite) => Expr

function over(site: ListSite, opened: Opened, name: AggregateName, type: CoreType, value: Expr, where?: Expr): Expr {
  const one = { name, type, value, ...(where === undefined ? {} : { where }) }
  return site.at.aggregate(opened.scope, { value: one })['value'] ?? nothing(type)
}

const aggregate =
  (fold: Fold, none?: Expr) =>
  (site: ListSite, operand: Lowered): Lowered => {
    const list = asRows(operand)
    const opened = open(list, site.at)
    const folded = fold({ ...opened, item: settle(opened.item) }, site)
    const present = list.present === undefined ? list : { ...list, present: site.at.carry(list.present, list.scope) }
    return scalar(site.at, ifPresent(present, folded, none ?? nothing(folded.type)))
  }

const total =
  (template: 'narrowInteger' | 'narrowLong' | 'narrowDecimal', type: CoreType): Fold =>
  (opened, site) =>
    call(template, type, over(site, opened, 'sum', type, opened.item))

const magnitude = (quantity: Expr) => field(quantity, 'value', decimalTypeOf)
const unit = (quantity: Expr) => field(quantity, 'unit', textTypeOf)

/** The unit of the first quantity. */
const firstUnit: Fold = (opened, site) => {
  const where = isNotNull(opened.item)
  const first = { name: 'first', type: textTypeOf, value: unit(opened.item), where, order: orderOf(opened) } as const
  return site.at.aggregate(opened.scope, { first })['first'] ?? nothing(textTypeOf)
}

/** The finest unit, as a sum has it. */
const finestUnit: Fold = (opened, site) =>
  call('finestUnit', textTypeOf, listedInOrder(opened, site, unit(opened.item)))

/** A value of the elements that are not null, in their order. */
function listedInOrder(opened: Opened, site: ListSite, value: Expr): Expr {
  const type: CoreType = { kind: 'list', of: value.type }
  const all = { name: 'list', type, value, where: isNotNull(opened.item), order: orderOf(opened) } as const
  return site.at.aggregate(opened.scope, { all })['all'] ?? nothing(type)
}

/** Over quantities in one unit, the first one's unless it says otherwise; a fault where some cannot be put in it. */
const ofQuantities =
  (fold: Fold, unitOf: Fold = firstUnit): Fold =>
  (opened, site) => {
    const wanted = unitOf(opened, site)
    const inner = call(
      'convertUnit',
      decimalTypeOf,
      magnitude(opened.item),
      unit(opened.item),
      opened.scope.carry(wanted, site.at),
    )
    const result = fold({ ...opened, item: inner }, site)
    const lost = over(site, opened, 'anyTrue', booleanTypeOf, test('and', isNotNull(opened.item), isNull(inner)))
    const made = pack(quantityTypeOf, { value: result, unit: wanted })
    return choose(quantityTypeOf, [
      [isNotNull(result), guard(made, test('isTrue', lost), irregularBy('quantities without a common unit'))],
    ])
  }

const mean: Fold = (opened, site) => {
  const sum = over(site, opened, 'sum', decimalTypeOf, opened.item)
  const count = over(site, opened, 'count', integerTypeOf, isNotNull(opened.item))
  return call('divideDecimal', decimalTypeOf, sum, call('integerToDecimal', decimalTypeOf, count))
}

/** Sum of squared distances from the mean, over `count - less`; null where that is not positive. */
const variance =
  (less: 0 | 1): Fold =>
  (opened, site) => {
    const centre = opened.scope.carry(mean(opened, site), site.at)
    const distance = call('subtractDecimal', decimalTypeOf, opened.item, centre)
    const squares = over(site, opened, 'sum', decimalTypeOf, call('multiplyDecimal', decimalTypeOf, distance, distance))
    const count = over(site, opened, 'count', integerTypeOf, isNotNull(opened.item))
    const divisor = call('subtractInteger', integerTypeOf, count, integer(less))
    const result = call('divideDecimal', decimalTypeOf, squares, call('integerToDecimal', decimalTypeOf, divisor))
    return choose(decimalTypeOf, [[test('less', integer(0), divisor), result]])
  }

const root =
  (fold: Fold): Fold =>
  (opened, site) =>
    call('squareRoot', decimalTypeOf, fold(opened, site))

const geometricMean: Fold = (opened, site) => {
  const logs = over(site, opened, 'sum', decimalTypeOf, call('logDouble', decimalTypeOf, opened.item))
  const count = over(site, opened, 'count', integerTypeOf, isNotNull(opened.item))
  const below = over(site, opened, 'anyTrue', booleanTypeOf, test('lessOrEqual', opened.item, integer(0)))
  return choose(decimalTypeOf, [[not(test('isTrue', below)), call('meanOfLogs', decimalTypeOf, logs, count)]])
}

/** What orders values where SQL's own order is not CQL's. */
function rankOf(value: Expr, offset: number): Expr {
  if (isTemporal(value.type)) return momentOf(value, { offset }) ?? call('sortKey', value.type, value, integer(offset))
  return systemName(value.type) === 'Quantity' ? call('canonicalQuantity', decimalTypeOf, value) : value
}

/** The element that no other passes; of equals, the first. */
const extreme =
  (descending: boolean): Fold =>
  (opened, site) => {
    const order = [{ value: rankOf(opened.item, site.with.offset), descending }, ...orderOf(opened)]
    const { best } = site.at.aggregate(opened.scope, {
      best: { name: 'first', type: opened.item.type, value: opened.item, where: isNotNull(opened.item), order },
    })
    const found = best ?? nothing(opened.item.type)
    return systemName(opened.item.type) === 'Quantity'
      ? guard(found, unlike(opened, site), irregularBy('quantities without a common unit'))
      : found
  }

/** Are there quantities that cannot be put in the first one's unit? Only closures have an order of those. */
function unlike(opened: Opened, site: ListSite): Expr {
  const wanted = opened.scope.carry(firstUnit(opened, site), site.at)
  const [value, own] = [magnitude(opened.item), unit(opened.item)]
  const converted = call('convertUnit', decimalTypeOf, value, own, wanted)
  return test('isTrue', over(site, opened, 'anyTrue', booleanTypeOf, both(isNotNull(opened.item), isNull(converted))))
}

const median: Fold = (opened, site) => {
  const type: CoreType = { kind: 'list', of: opened.item.type }
  const order = [{ value: rankOf(opened.item, site.with.offset), descending: false }, ...orderOf(opened)]
  const { sorted } = site.at.aggregate(opened.scope, {
    sorted: { name: 'list', type, value: opened.item, where: isNotNull(opened.item), order },
  })
  const list = sorted ?? nothing(type)
  const size = call('listLength', integerTypeOf, list)
  const two = integer(2)
  const half = call('truncatedQuotient', integerTypeOf, size, two)
  const at = (index: Expr) => call('elementAt', opened.item.type, list, index)
  const upper = at(call('addInteger', integerTypeOf, half, integer(1)))
  const odd = test('equals', call('remainder', integerTypeOf, size, two), integer(1))
  const sum = call('addDecimal', decimalTypeOf, at(half), upper)
  const mid = call('divideDecimal', decimalTypeOf, sum, call('integerToDecimal', decimalTypeOf, two))
  return choose(opened.item.type, [[odd, upper]], mid)
}

/** The most frequent element; of several, the one that comes first. */
const mode: Fold = (opened, site) => {
  const value = opened.item
  const type = value.type
  const { best } = site.at.aggregate(opened.scope, {
    best: { name: 'mode', type, value, where: isNotNull(value), order: orderOf(opened) },
  })
  return best ?? nothing(type)
}

const product =
  (template: 'productInteger' | 'productLong' | 'productDecimal'): Fold =>
  (opened, site) => {
    const type: CoreType = { kind: 'list', of: opened.item.type }
    const values = over(site, opened, 'list', type, opened.item, isNotNull(opened.item))
    return call(template, opened.item.type, values)
  }

/** Quantities with the product of their units; of units whose product the program does not know, by closures. */
const productOfQuantities: Fold = (opened, site) => {
  const value = call('productDecimal', decimalTypeOf, listedInOrder(opened, site, magnitude(opened.item)))
  const of = call('productOfUnits', textTypeOf, listedInOrder(opened, site, unit(opened.item)))
  const made = pack(quantityTypeOf, { value, unit: of })
  return choose(quantityTypeOf, [
    [isNotNull(value), guard(made, isNull(of), irregularBy('quantities without a common unit'))],
  ])
}

const statistic = (name: string, fold: Fold) => [
  [`${name}(List<Decimal>): Decimal`, aggregate(fold)] as const,
  [`${name}(List<Quantity>): Quantity`, aggregate(ofQuantities(fold))] as const,
]

const ordered = ['Integer', 'Long', 'Decimal', 'Quantity', 'Date', 'DateTime', 'Time', 'String']

const allTrue: Fold = (opened, site) =>
  not(test('isTrue', over(site, opened, 'anyTrue', booleanTypeOf, test('isFalse', opened.item))))
const anyTrue: Fold = (opened, site) => test('isTrue', over(site, opened, 'anyTrue', booleanTypeOf, opened.item))

/** Aggregates over the elements that are not null; null where there are none. */
export const aggregateFormulas: Readonly<Record<string, (site: ListSite, operand: Lowered) => Lowered>> = {
  'AllTrue(List<Boolean>): Boolean': aggregate(allTrue, truth(true)),
  'AnyTrue(List<Boolean>): Boolean': aggregate(anyTrue, truth(false)),
  'Sum(List<Integer>): Integer': aggregate(total('narrowInteger', integerTypeOf)),
  'Sum(List<Long>): Long': aggregate(total('narrowLong', longTypeOf)),
  'Sum(List<Decimal>): Decimal': aggregate(total('narrowDecimal', decimalTypeOf)),
  'Sum(List<Quantity>): Quantity': aggregate(ofQuantities(total('narrowDecimal', decimalTypeOf), finestUnit)),
  'Product(List<Integer>): Integer': aggregate(product('productInteger')),
  'Product(List<Long>): Long': aggregate(product('productLong')),
  'Product(List<Decimal>): Decimal': aggregate(product('productDecimal')),
  'Product(List<Quantity>): Quantity': aggregate(productOfQuantities),
  ...Object.fromEntries(
    ordered.flatMap((type) => [
      [`Min(List<${type}>): ${type}`, aggregate(extreme(false))],
      [`Max(List<${type}>): ${type}`, aggregate(extreme(true))],
    ]),
  ),
  ...Object.fromEntries([
    ['Median(List<Decimal>): Decimal', aggregate(median)],
    ['Median(List<Quantity>): Quantity', aggregate(ofQuantities(median))],
    ['Mode(List<T>): T', aggregate(mode)],
    ...statistic('Avg', mean),
    ...statistic('GeometricMean', geometricMean),
    ...statistic('Variance', variance(1)),
    ...statistic('PopulationVariance', variance(0)),
    ...statistic('StdDev', root(variance(1))),
    ...statistic('PopulationStdDev', root(variance(0))),
  ]),
}
