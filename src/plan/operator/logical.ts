import { both, either, isNull, not, test } from '../algebra/build.ts'
import type { FormulaTable } from './formula.ts'

export const logicalFormulas: FormulaTable = {
  'And(Boolean, Boolean): Boolean': (_, left, right) => both(left, right),
  'Or(Boolean, Boolean): Boolean': (_, left, right) => either(left, right),
  'Not(Boolean): Boolean': (_, value) => not(value),
  'Xor(Boolean, Boolean): Boolean': (_, left, right) => test('differs', left, right),
  'Implies(Boolean, Boolean): Boolean': (_, left, right) => either(not(left), right),
  'IsNull(Any): Boolean': (_, value) => isNull(value),
  'IsTrue(Boolean): Boolean': (_, value) => test('isTrue', value),
  'IsFalse(Boolean): Boolean': (_, value) => test('isFalse', value),
}
