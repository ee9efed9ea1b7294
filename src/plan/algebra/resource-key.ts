import type { Expr } from './expr.ts'
import { isResourceChoice } from './model-type.ts'

/** The part of a resource's structure that holds its key in the store. */
export const ridPart = '$rid'

/** The key of a resource, where a value is one with its columns. */
export function ridOf(value: Expr): Expr | undefined {
  return value.kind === 'pack' ? value.fields[ridPart] : undefined
}

/** Is a value a resource of one of several types of which only the key is at hand, and not which type it is of? */
export const isKeyAlone = (value: Expr): boolean => isResourceChoice(value.type) && ridOf(value) === undefined
