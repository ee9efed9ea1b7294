import { formatValue, Instance, isList, Tuple, type Value } from '../../core/index.ts'
import { isObject } from '../../fhir/index.ts'
import { datatypeText } from '../value-text.ts'

const mostItems = 3
const mostCharacters = 160

/** A value in short: of resources type and id, of FHIR's datatypes what they say, of lists the first few. */
export function shortValue(value: Value): string {
  const text = inShort(value)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text
}

function inShort(value: Value): string {
  if (value instanceof Instance) return instanceText(value)
  if (value instanceof Tuple)
    return `{ ${[...value.fields].map(([name, field]) => `${name}: ${inShort(field)}`).join(', ')} }`
  if (!isList(value)) return formatValue(value)
  const more = value.length > mostItems ? `, and ${value.length - mostItems} more` : ''
  return `{ ${value.slice(0, mostItems).map(inShort).join(', ')}${more} }`
}

/** Ids are as the source gave them, after the source's name: `lakeside.123`. */
function instanceText({ type, data, rid }: Instance): string {
  const name = type.replace(/^FHIR\./, '')
  if (isObject(data) && (rid !== undefined || typeof data['resourceType'] === 'string'))
    return `${name}/${String(data['id'])}`
  const text =
    isObject(data) && data['start'] !== undefined && data['end'] === undefined ? openPeriod(data) : datatypeText(data)
  return text ?? name
}

const openPeriod = (period: Readonly<Record<string, unknown>>): string => `from ${String(period['start'])}`
