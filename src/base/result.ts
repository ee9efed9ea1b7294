import type { Diagnostic } from './diagnostic.ts'

/** Success with its warnings, or failure with every reason found (never only the first). */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A value, with the warnings met on the way. */
export function success<T>(value: T, diagnostics: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, diagnostics }
}

/** No value, and why: at least one diagnostic of severity `error`. */
export function failure<T = never>(...diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics }
}
