import type { CoreNode } from '../core/index.ts'
import type { Evaluate } from './closure.ts'
import { letterOf, ridsOf } from './value-letter.ts'

/** A clause that tells the session's recorder what it gave; an error is told and goes on. */
export function recordingClosure(node: CoreNode, evaluate: Evaluate): Evaluate {
  return (variables, session) => {
    const { recorder } = session
    if (recorder === undefined) return evaluate(variables, session)
    try {
      const value = evaluate(variables, session)
      recorder.record(node.origin, { letter: letterOf(value), rids: ridsOf(value) })
      return value
    } catch (fault) {
      recorder.record(node.origin, { letter: 'e', rids: [] })
      throw fault
    }
  }
}
