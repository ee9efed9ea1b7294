import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '../base/index.ts'
import { assemblePerson } from '../identity/index.ts'
import { pinValueSets } from '../terminology/index.ts'
import { createEvaluator, type PersonAnswers } from './evaluator.ts'
import type { WorkerSetting, WorkerTask } from './worker-message.ts'

// A thread that evaluates persons: it is given the measures once, then batches of persons.
const port = parentPort
invariant(port !== null, 'evaluate-worker runs in a worker thread')
const { measures, expansions, period, engine, today } = workerData as WorkerSetting
const evaluator = createEvaluator(measures, pinValueSets(expansions), period, engine, () => today)

port.on('message', (task: WorkerTask) => {
  void answer(task)
})

async function answer({ id, persons }: WorkerTask): Promise<void> {
  const answers: PersonAnswers[] = []
  for (const parts of persons) answers.push(await evaluator.evaluate(assemblePerson(parts)))
  port?.postMessage({ id, persons: answers })
}
