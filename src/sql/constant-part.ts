import type { Expr } from '../plan/index.ts'
import { momentParts } from './literal.ts'
import { structParts } from './type-name.ts'

/**
 * A template in which the parts that it takes of constant operands (`($1).lo`) have a type of their own: of a constant
 * null the database knows no part's type, and of a moment that is written down it need not take one.
 */
export function withConstants(template: string, constants: readonly (Expr | undefined)[]): string {
  return constants.reduce<string>((text, operand, index) => {
    if (operand === undefined) return text
    const written = operand.kind === 'const' ? momentParts(operand.value) : undefined
    const types = structParts(operand.type)
    return text.replaceAll(
      new RegExp(`\\(\\$${index + 1}\\)\\."?(\\w+)"?`, 'g'),
      (taken, name: string) =>
        written?.[name] ?? (types[name] === undefined ? taken : `CAST(${taken} AS ${types[name]})`),
    )
  }, template)
}
