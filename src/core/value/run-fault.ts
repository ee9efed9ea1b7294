import { type CaregapError, fault } from '../../base/index.ts'

/**
 * The fault that an evaluation raises: `core/<code>`. The evaluator catches it at the define and makes it that
 * define's value, an error: it never becomes null or false and never stops another define.
 */
export function runFault(code: string, message: string): CaregapError {
  return fault('input', `core/${code}`, message)
}
