import type { PersonParts } from '../identity/index.ts'
import type { PersonAnswers } from './evaluator.ts'
import type { EvaluationPool } from './worker-pool.ts'

/** So many persons go to a thread at once: a message costs little against evaluating them. */
const batchSize = 16

/**
 * Evaluates persons as they come and yields the answers in their order, whichever thread is done first.
 * Reads ahead no further than keeps the pool busy, so memory does not grow with the number of people.
 */
export async function* evaluateInOrder(
  persons: AsyncIterable<PersonParts>,
  pool: EvaluationPool,
): AsyncGenerator<readonly PersonAnswers[]> {
  const running: Promise<readonly PersonAnswers[]>[] = []
  let batch: PersonParts[] = []
  const send = () => {
    const answers = pool.evaluate(batch)
    // Whoever awaits it hears of a failure; until then it must not count as unhandled.
    answers.catch(() => undefined)
    running.push(answers)
    batch = []
  }
  for await (const person of persons) {
    batch.push(person)
    if (batch.length < batchSize) continue
    send()
    while (running.length >= pool.slots) yield await takeFirst(running)
  }
  if (batch.length > 0) send()
  while (running.length > 0) yield await takeFirst(running)
}

async function takeFirst(running: Promise<readonly PersonAnswers[]>[]): Promise<readonly PersonAnswers[]> {
  return (await running.shift()) ?? []
}
