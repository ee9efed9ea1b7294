import { type Diagnostic, formatDiagnostic } from './diagnostic.ts'
import type { Result } from './result.ts'

/** Who can mend it: the caller of the command, the owner of the input, or the engineer who runs the machine. */
export type FaultKind = 'usage' | 'input' | 'system' | 'bug'

const exitCodes: Readonly<Record<FaultKind, number>> = { usage: 2, input: 3, system: 4, bug: 4 }

/** The one error class that crosses rooms. Its message is the diagnostics, one line each. */
export class CaregapError extends Error {
  readonly kind: FaultKind
  readonly diagnostics: readonly Diagnostic[]

  constructor(kind: FaultKind, diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map(formatDiagnostic).join('\n'), options)
    this.name = 'CaregapError'
    this.kind = kind
    this.diagnostics = diagnostics
  }

  /** 2 wrong use, 3 input refused, 4 the system failed. */
  get exitCode(): number {
    return exitCodes[this.kind]
  }
}

type ErrorDetail = Omit<Diagnostic, 'code' | 'message' | 'severity'>

/** A `CaregapError` of one diagnostic. */
export function fault(
  kind: FaultKind,
  code: string,
  message: string,
  detail: ErrorDetail = {},
  options?: ErrorOptions,
): CaregapError {
  return new CaregapError(kind, [{ code, message, severity: 'error', ...detail }], options)
}

/** The value of a result, or a thrown `CaregapError` with all its diagnostics. */
export function unwrap<T>(result: Result<T>, kind: FaultKind = 'input'): T {
  if (result.ok) return result.value
  throw new CaregapError(kind, result.diagnostics)
}

/** Throws a `bug` fault where something that must always hold does not: our error, not the user's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw fault('bug', 'base/invariant', `A thing that must always hold does not: ${message}.`)
}

/** The text of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
