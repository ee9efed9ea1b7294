import { constant, nothing } from './build.ts'
import type { Expr, GuardExpr } from './expr.ts'
import { irregularBy, isIrregular } from './irregular.ts'
import type { CoreType } from './model-type.ts'

/**
 * An element that no column holds. It fails where it is read, for the people whose data have what it is an element
 * of: they are evaluated by closures over the raw record. `name` says what it is (`Dosage.timing`).
 */
export function unheld(type: CoreType, name: string): GuardExpr {
  return {
    kind: 'guard',
    type,
    value: nothing(type),
    when: constant(true, { kind: 'system', name: 'Boolean' }),
    code: irregularBy(`no column for ${name.replace(/^FHIR\./, '')}`),
    lazy: true,
  }
}

/** Is a value only the fault that no column holds it? */
export const isUnheld = (value: Expr): value is GuardExpr =>
  value.kind === 'guard' && isIrregular(value.code) && value.value.kind === 'const'
