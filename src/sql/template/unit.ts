import { combineUnits, convertUnit, Decimal, type UnitFactor, unitFactor } from '../../core/index.ts'
import { textLiteral } from '../../duck/index.ts'
import type { ProgramUnits, TemplateName } from '../../plan/index.ts'
import { named, ofUnits, rounded, units as unitsOf } from './number.ts'

type Comparability = 'equal' | 'equivalent'

/** Beyond these a stored value that is converted leaves 128 bits. */
const [mostOfDividend, mostOfDivisor] = [10n ** 19n, 10n ** 37n]

/** A factor between two units in lowest terms; null where they cannot be compared, undefined where SQL does not convert them. */
function factorOf(from: string, to: string, how: Comparability): UnitFactor | null | undefined {
  const factor = unitFactor(from, to, how)
  if (factor === null || factor === undefined) return factor
  const divisor = greatestCommon(factor[0], factor[1])
  const [dividend, by]: UnitFactor = [factor[0] / divisor, factor[1] / divisor]
  return dividend < mostOfDividend && by < mostOfDivisor ? [dividend, by] : undefined
}

function greatestCommon(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommon(b, a % b)
}

const ways: readonly Comparability[] = ['equal', 'equivalent']

const isSettled = (from: string, to: string): boolean => ways.every((how) => factorOf(from, to, how) !== undefined)

/** Those units of which it is known, of each with each, what they come to: none that has a zero point of its own. */
function settledUnits({ own, stored }: ProgramUnits): readonly string[] {
  const settled: string[] = []
  for (const unit of new Set(['1', ...own, ...stored]))
    if (settled.every((other) => isSettled(unit, other) && isSettled(other, unit))) settled.push(unit)
  return settled
}

const one = new Decimal(10n ** 8n, 1)

/** Is the left one of two units that compare the finer? As sums choose their unit. */
function isFiner(left: string, right: string): boolean {
  const converted = left === right ? null : convertUnit(one, left, right)
  return converted !== null && converted.units < one.units
}

/** A map from pairs of units (`mg g`) to what two units come to; pairs that come to nothing are left out. */
function pairMap(
  lefts: readonly string[],
  rights: readonly string[],
  type: string,
  of: (left: string, right: string) => string | undefined,
): string {
  const entries = lefts.flatMap((left) =>
    rights.flatMap((right) => {
      const found = of(left, right)
      return found === undefined ? [] : [`${textLiteral(`${left} ${right}`)}: ${found}`]
    }),
  )
  return mapOf(entries, type)
}

const mapOf = (entries: readonly string[], type: string): string =>
  `CAST(MAP {${entries.join(', ')}} AS MAP(VARCHAR, ${type}))`

const fraction = 'STRUCT(num HUGEINT, den HUGEINT)'
const fractionText = ([num, den]: UnitFactor): string =>
  `{'num': CAST('${num}' AS HUGEINT), 'den': CAST('${den}' AS HUGEINT)}`

function factorMap(units: readonly string[], how: Comparability): string {
  return pairMap(units, units, fraction, (from, to) => {
    const factor = from === to ? null : factorOf(from, to, how)
    return factor === null || factor === undefined ? undefined : fractionText(factor)
  })
}

/** For each unit the finest one that it can be put in, with the factor: what equal quantities have in common, and no others. */
function canonicalMap(units: readonly string[]): string {
  const entries = units.flatMap((from) => {
    const alike = units.filter((unit) => unit === from || factorOf(from, unit, 'equal') !== null)
    const to = alike.reduce((finest, unit) => (isFiner(unit, finest) ? unit : finest))
    const factor = to === from ? null : factorOf(from, to, 'equal')
    return factor === null || factor === undefined
      ? []
      : [`${textLiteral(from)}: {'unit': ${textLiteral(to)}, 'factor': ${fractionText(factor)}}`]
  })
  return mapOf(entries, `STRUCT(unit VARCHAR, factor ${fraction})`)
}

/** What products or quotients of units that the logic names with any others are called. */
function combinedMap({ own, stored }: ProgramUnits, power: 1 | -1): string {
  const all = [...new Set([...own, ...stored])]
  const others = all.filter((unit) => !own.includes(unit))
  const combined = (left: string, right: string) => textLiteral(combineUnits(left, right, power))
  const [first, second] = [pairMap(own, all, 'VARCHAR', combined), pairMap(others, own, 'VARCHAR', combined)]
  return `map_concat(${first}, ${second})`
}

export type UnitTemplateName = Extract<
  TemplateName,
  | 'convertUnit'
  | 'convertUnitLoosely'
  | 'finerUnit'
  | 'productUnit'
  | 'quotientUnit'
  | 'productOfUnits'
  | 'finestUnit'
  | 'canonicalQuantity'
  | 'isUnknownPair'
>

/** What a program's units come to, worked out before it runs: statements that set variables, and what reads them. */
export interface UnitTables {
  /** The statements that set the variables which a text reads. */
  setting(text: string): readonly string[]
  readonly templates: Readonly<Record<UnitTemplateName, string>>
}

/** `key` names the variables, so that programs of one session do not take each other's. */
export function unitTables(units: ProgramUnits, key: string): UnitTables {
  let found: readonly string[] | undefined
  const settled = () => (found ??= settledUnits(units))
  const variables: Readonly<Record<string, () => string>> = {
    known: () => `CAST([${settled().map(textLiteral).join(', ')}] AS VARCHAR[])`,
    equal: () => factorMap(settled(), 'equal'),
    equivalent: () => factorMap(settled(), 'equivalent'),
    finer: () =>
      pairMap(settled(), settled(), 'VARCHAR', (left, right) =>
        left === right || factorOf(left, right, 'equal') === null || isFiner(left, right)
          ? undefined
          : textLiteral(right),
      ),
    product: () => combinedMap(units, 1),
    quotient: () => combinedMap(units, -1),
    canonical: () => canonicalMap(settled()),
  }
  const name = (part: string) => `unit_${part}_${key}`
  const variable = (part: string) => `getvariable('${name(part)}')`
  const pair = (part: string) => `${variable(part)}[$1 || ' ' || $2]`
  const converted = (part: string) =>
    `CASE WHEN $2 = $3 THEN $1 ELSE ${scaled('$1', `${variable(part)}[$2 || ' ' || $3]`)} END`
  const known = (unit: string) => `list_contains(${variable('known')}, ${unit})`
  return {
    setting: (text) =>
      Object.entries(variables).flatMap(([part, value]) =>
        text.includes(name(part)) ? [`SET VARIABLE ${name(part)} = ${value()}`] : [],
      ),
    templates: {
      convertUnit: converted('equal'),
      convertUnitLoosely: converted('equivalent'),
      finerUnit: `coalesce(${pair('finer')}, $1)`,
      productUnit: pair('product'),
      quotientUnit: pair('quotient'),
      finestUnit: `list_reduce($1, lambda a, b: coalesce(${variable('finer')}[a || ' ' || b], a))`,
      productOfUnits: `list_reduce($1, lambda a, b: ${variable('product')}[a || ' ' || b])`,
      isUnknownPair: `($1 <> $2 AND NOT (${known('$1')} AND ${known('$2')}))`,
      canonicalQuantity: `CASE WHEN $1 IS NULL THEN NULL ELSE ${named(
        `${variable('canonical')}[($1).unit]`,
        'u',
        `CASE WHEN u IS NULL THEN struct_pack("value" := ($1)."value", unit := ($1).unit) ELSE struct_pack("value" := ${scaled('($1)."value"', 'u.factor')}, unit := u.unit) END`,
      )} END`,
    },
  }
}

/** A decimal times a fraction, exact and rounded once; null where the fraction is. */
function scaled(value: string, factor: string): string {
  return `CAST(TRY(${named(
    `[${unitsOf(value)} * (${factor}).num, (${factor}).den]`,
    'f',
    named(rounded('f[1]', 'f[2]'), 'p', ofUnits('p')),
  )}) AS DECIMAL(38, 8))`
}
