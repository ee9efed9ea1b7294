import { NullMessageListener } from 'cql-execution'
import { fault } from '../base/index.ts'

/**
 * A `Message` of severity Error ends the evaluation (CQL 1.5, Message): cql-execution only tells its listener and goes
 * on with the source, mostly null. The message's text is left out, for logic may put a person's data into it.
 */
class StatedErrors extends NullMessageListener {
  override onMessage(_source: unknown, code: unknown, severity: unknown): void {
    if (typeof severity !== 'string' || severity.toLowerCase() !== 'error') return
    const name = typeof code === 'string' ? code : 'no code'
    throw fault('input', 'interpret/stated-error', `The logic states an error here (${name}).`, {
      remedy: 'Look at the record where the logic reads it.',
    })
  }
}

export const statedErrors = new StatedErrors()
