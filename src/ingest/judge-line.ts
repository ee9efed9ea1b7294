import { messageOf } from '../base/index.ts'
import { isObject } from '../fhir/index.ts'

/** Why a line is not a resource that can be stored, by strict JSON (RFC 8259); undefined where it is one. */
export function judgeLine(text: string, unended: boolean): { code: string; reason: string } | undefined {
  const parsed = parse(text)
  if (!parsed.ok) {
    const at = /position (\d+)/.exec(parsed.message)?.[1]
    const atEnd =
      /end of JSON|Unterminated|Unexpected end/i.test(parsed.message) || (at !== undefined && Number(at) >= text.length)
    if (unended && atEnd) return { code: 'ingest/truncated-line', reason: 'The file ends in the middle of this line.' }
    const where = at === undefined ? (atEnd ? `at its end` : 'in the line') : `at character ${Number(at) + 1}`
    return { code: 'ingest/invalid-json', reason: `Not valid JSON ${where}.` }
  }
  const { value } = parsed
  if (!isObject(value)) return { code: 'ingest/not-an-object', reason: 'The line is JSON, but not an object.' }
  const { resourceType, id } = value
  if (typeof resourceType !== 'string' || !/^[A-Z][A-Za-z]{1,63}$/.test(resourceType))
    return { code: 'ingest/no-resource-type', reason: 'The object has no resourceType, or none that is a type name.' }
  if (typeof id !== 'string' || id === '') return { code: 'ingest/no-id', reason: 'The resource has no id.' }
  return undefined
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (thrown) {
    return { ok: false, message: messageOf(thrown) }
  }
}
