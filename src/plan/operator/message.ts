import { both, call, constant, guard, test } from '../algebra/build.ts'
import { textTypeOf } from '../algebra/types.ts'
import type { FormulaTable } from './formula.ts'

/** Gives its source back; severity Error makes a fault of it where the condition holds. */
export const messageFormulas: FormulaTable = {
  'Message(T, Boolean, String, String, String): T': (_, source, condition, __, ...[severity]) => {
    const level = severity ?? constant('Message', textTypeOf)
    const isError =
      level.kind === 'const'
        ? constant(typeof level.value === 'string' && level.value.toLowerCase() === 'error', condition.type)
        : test('isTrue', test('equals', call('lower', textTypeOf, level), constant('error', textTypeOf)))
    return guard(source, both(test('isTrue', condition), isError), 'message')
  },
}
