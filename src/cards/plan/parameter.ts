import { type CoreType, parseDate, parseDecimal, Quantity, type Value } from '../../core/index.ts'

/** A configured value as a parameter of a type takes it; undefined where it does not. Quantities are written `90 'mg'`. */
export function configuredValue(given: string | number | boolean, type: CoreType): Value | undefined {
  if (type.kind !== 'system') return undefined
  switch (type.name) {
    case 'Boolean':
      return typeof given === 'boolean' ? given : undefined
    case 'Integer':
      return Number.isInteger(given) ? given : undefined
    case 'Decimal':
      return typeof given === 'number' ? (parseDecimal(String(given)) ?? undefined) : undefined
    case 'String':
      return typeof given === 'string' ? given : undefined
    case 'Date':
      return typeof given === 'string' ? parseDate(given) : undefined
    case 'Quantity':
      return typeof given === 'string' ? quantityOf(given) : undefined
    default:
      return undefined
  }
}

function quantityOf(text: string): Quantity | undefined {
  const match = /^([0-9.]+) '([^']+)'$/.exec(text)
  const value = match === null ? undefined : parseDecimal(match[1] ?? '')
  return value == null ? undefined : new Quantity(value, match?.[2] ?? '')
}
