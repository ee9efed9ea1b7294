import { combineUnits, convertUnit, Decimal } from '../../core/index.ts'
import { textLiteral } from '../../duck/index.ts'
import type { TemplateName } from '../../plan/index.ts'
import { named, ofUnits, rounded, units as unitsOf } from './number.ts'

type Comparability = 'equal' | 'equivalent'

/** A factor between two units as a fraction of whole numbers; undefined where they cannot be compared. */
function factorOf(from: string, to: string, how: Comparability): readonly [bigint, bigint] | undefined {
  const probe = new Decimal(10n ** 27n, 1)
  const converted = convertUnit(probe, from, to, how)
  if (converted === null) return undefined
  const divisor = greatestCommon(converted.units < 0n ? -converted.units : converted.units, probe.units)
  return [converted.units / divisor, probe.units / divisor]
}

function greatestCommon(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommon(b, a % b)
}

/** Units with a zero point of their own have no factor: a value of theirs is never converted by one. */
const isSpecial = (unit: string): boolean => /Cel|\[deg|\[pH\]|B\[|Np/.test(unit)

function finerOf(left: string, right: string): string {
  const one = new Decimal(10n ** 8n, 1)
  const converted = left === right ? one : convertUnit(one, left, right)
  return converted !== null && converted.units < one.units ? left : right
}

/** A map from pairs of units (`mg g`) to what two units come to; pairs that come to nothing are left out. */
function pairMap(
  units: readonly string[],
  type: string,
  of: (left: string, right: string) => string | undefined,
): string {
  const entries = units.flatMap((left) =>
    units.flatMap((right) => {
      const found = of(left, right)
      return found === undefined ? [] : [`${textLiteral(`${left} ${right}`)}: ${found}`]
    }),
  )
  return mapOf(entries, type)
}

const mapOf = (entries: readonly string[], type: string): string =>
  `CAST(MAP {${entries.join(', ')}} AS MAP(VARCHAR, ${type}))`

const fraction = 'STRUCT(num HUGEINT, den HUGEINT)'
const fractionText = ([num, den]: readonly [bigint, bigint]): string =>
  `{'num': CAST('${num}' AS HUGEINT), 'den': CAST('${den}' AS HUGEINT)}`

function factorMap(units: readonly string[], how: Comparability): string {
  return pairMap(units, fraction, (from, to) => {
    const factor = from === to || isSpecial(from) || isSpecial(to) ? undefined : factorOf(from, to, how)
    return factor === undefined ? undefined : fractionText(factor)
  })
}

/** For each unit the first one that it can be put in, with the factor: what equal quantities have in common. */
function canonicalMap(units: readonly string[]): string {
  const entries = units.flatMap((from) => {
    const to = units.find((unit) => unit === from || factorOf(from, unit, 'equal') !== undefined) ?? from
    const factor = to === from || isSpecial(from) ? undefined : factorOf(from, to, 'equal')
    return factor === undefined
      ? []
      : [`${textLiteral(from)}: {'unit': ${textLiteral(to)}, 'factor': ${fractionText(factor)}}`]
  })
  return mapOf(entries, `STRUCT(unit VARCHAR, factor ${fraction})`)
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
export function unitTables(units: readonly string[], key: string): UnitTables {
  const variables: Readonly<Record<string, () => string>> = {
    known: () =>
      `CAST([${units
        .filter((unit) => !isSpecial(unit))
        .map(textLiteral)
        .join(', ')}] AS VARCHAR[])`,
    equal: () => factorMap(units, 'equal'),
    equivalent: () => factorMap(units, 'equivalent'),
    finer: () => pairMap(units, 'VARCHAR', (left, right) => textLiteral(finerOf(left, right))),
    product: () => pairMap(units, 'VARCHAR', (left, right) => textLiteral(combineUnits(left, right, 1))),
    quotient: () => pairMap(units, 'VARCHAR', (left, right) => textLiteral(combineUnits(left, right, -1))),
    canonical: () => canonicalMap(units),
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
      productUnit: `coalesce(${pair('product')}, $1)`,
      quotientUnit: `coalesce(${pair('quotient')}, $1)`,
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
