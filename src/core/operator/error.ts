import type { Environment } from '../value/environment.ts'
import { runFault } from '../value/run-fault.ts'
import type { Value } from '../value/value.ts'
import { type Operator, overload, ownNulls } from './operator.ts'

/** Gives its source back, saying the message where the condition holds; severity Error makes it a fault. */
function message(...inputs: readonly unknown[]): Value {
  const [source, condition, code, severity, text] = inputs as readonly Value[]
  const env = inputs[6] as Environment
  if (condition !== true) return source ?? null
  const level = typeof severity === 'string' ? severity : 'Message'
  if (level.toLowerCase() === 'error')
    throw runFault('message', `The logic says: ${asText(text) ?? ''} (${asText(code) ?? 'no code'}).`)
  env.message(level, asText(code), asText(text))
  return source ?? null
}

const asText = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null)

/** https://cql.hl7.org/09-b-cqlreference.html#errors-and-messages */
export const errorOperators: readonly Operator[] = [
  ownNulls('error', 'Message', [overload('(T, Boolean, String, String, String): T', message)], {
    fields: ['source', 'condition', 'code', 'severity', 'message'],
  }),
]
