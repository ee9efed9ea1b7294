import { combineUnits, convertUnit, Decimal } from '../../core/index.ts'
import type { TemplateName } from '../../plan/index.ts'

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** A factor between two units as a fraction of whole numbers; undefined where they cannot be compared. */
function factorOf(from: string, to: string, how: 'equal' | 'equivalent'): readonly [bigint, bigint] | undefined {
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

const pairsOf = (units: readonly string[]) =>
  units.flatMap((from) => units.filter((to) => to !== from).map((to) => [from, to] as const))

function converting(units: readonly string[], how: 'equal' | 'equivalent'): string {
  const cases = pairsOf(units).flatMap(([from, to]) => {
    const factor = isSpecial(from) || isSpecial(to) ? undefined : factorOf(from, to, how)
    if (factor === undefined) return []
    const [times, by] = factor
    const scaled =
      times === by ? '$1' : `CAST(TRY(round(CAST($1 AS DECIMAL(38, 8)) * ${decimal(times, by)}, 8)) AS DECIMAL(38, 8))`
    return [`WHEN $2 = ${text(from)} AND $3 = ${text(to)} THEN ${scaled}`]
  })
  return cases.length === 0 ? 'CASE WHEN $2 = $3 THEN $1 END' : `CASE WHEN $2 = $3 THEN $1 ${cases.join(' ')} END`
}

/** A factor as the shortest decimal that DuckDB multiplies without leaving 38 digits. */
function decimal(times: bigint, by: bigint): string {
  const places = 15n
  const scaled = (times * 10n ** places * 10n) / by
  const rounded = (scaled + 5n) / 10n
  const digits = rounded.toString().padStart(Number(places) + 1, '0')
  const whole = digits.slice(0, -Number(places))
  const fraction = digits.slice(-Number(places)).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

function choosing(units: readonly string[], of: (left: string, right: string) => string): string {
  const cases = units.flatMap((left) =>
    units.map((right) => `WHEN $1 = ${text(left)} AND $2 = ${text(right)} THEN ${text(of(left, right))}`),
  )
  return cases.length === 0 ? '$1' : `CASE ${cases.join(' ')} ELSE $1 END`
}

function finerOf(left: string, right: string): string {
  const one = new Decimal(10n ** 8n, 1)
  const converted = left === right ? one : convertUnit(one, left, right)
  return converted !== null && converted.units < one.units ? left : right
}

/** A quantity as value and unit of the first unit that it can be put in: what equal ones have in common. */
function canonical(units: readonly string[]): string {
  const cases = units.flatMap((from) => {
    const to = units.find((unit) => unit === from || factorOf(from, unit, 'equal') !== undefined) ?? from
    const factor = to === from ? undefined : factorOf(from, to, 'equal')
    return factor === undefined
      ? []
      : [
          `WHEN ($1).unit = ${text(from)} THEN struct_pack("value" := CAST(($1)."value" * ${decimal(...factor)} AS DECIMAL(38, 8)), unit := ${text(to)})`,
        ]
  })
  const itself = 'struct_pack("value" := ($1)."value", unit := ($1).unit)'
  return cases.length === 0
    ? `CASE WHEN $1 IS NOT NULL THEN ${itself} END`
    : `CASE WHEN $1 IS NULL THEN NULL ${cases.join(' ')} ELSE ${itself} END`
}

export type UnitTemplateName = Extract<
  TemplateName,
  'convertUnit' | 'convertUnitLoosely' | 'finerUnit' | 'productUnit' | 'quotientUnit' | 'canonicalQuantity'
>

/** Conversions between the units that a program knows of: they are settled when it is printed, not for each row. */
export function unitTemplates(units: readonly string[]): Readonly<Record<UnitTemplateName, string>> {
  return {
    convertUnit: converting(units, 'equal'),
    convertUnitLoosely: converting(units, 'equivalent'),
    finerUnit: choosing(units, finerOf),
    productUnit: choosing(units, (left, right) => combineUnits(left, right, 1)),
    quotientUnit: choosing(units, (left, right) => combineUnits(left, right, -1)),
    canonicalQuantity: canonical(units),
  }
}
