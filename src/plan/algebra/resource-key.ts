import type { Expr } from './expr.ts'

/** The part of a resource's structure that holds its key in the store. */
export const ridPart = '$rid'

/** The key of a resource, where a value is one with its columns. */
export function ridOf(value: Expr): Expr | undefined {
  return value.kind === 'pack' ? value.fields[ridPart] : undefined
}
