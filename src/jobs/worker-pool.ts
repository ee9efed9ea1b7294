import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fault, projectRoot } from '../base/index.ts'
import type { PersonParts } from '../identity/index.ts'
import { EvaluationThread } from './evaluation-thread.ts'
import type { PersonAnswers } from './evaluator.ts'
import type { WorkerSetting } from './worker-message.ts'

/** Evaluates batches of persons somewhere. `slots`: how many batches keep it busy. */
export interface EvaluationPool {
  readonly slots: number
  evaluate(persons: readonly PersonParts[]): Promise<readonly PersonAnswers[]>
  close(): Promise<void>
}

/** The built entry of a worker: the same whether we run from `src/` or `dist/`. */
const workerFile = join(projectRoot, 'dist', 'jobs', 'evaluate-worker.js')

/**
 * Threads that evaluate. A thread that dies fails its batches with `jobs/worker-failed`.
 * Fault at once: `jobs/worker-missing` where the project is not built.
 */
export function createWorkerPool(threads: number, setting: WorkerSetting): EvaluationPool {
  if (!existsSync(workerFile)) {
    throw fault('system', 'jobs/worker-missing', 'The evaluation worker is not built.', {
      place: { file: workerFile },
      remedy: 'Run npm run build.',
    })
  }
  const all = Array.from({ length: threads }, () => new EvaluationThread(workerFile, setting))
  return {
    // One batch in work and one waiting, so that no thread stands idle while the next batch is read.
    slots: threads * 2,
    evaluate(persons) {
      const idlest = all.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best))
      return idlest.evaluate(persons)
    },
    async close() {
      await Promise.all(all.map((thread) => thread.close()))
    },
  }
}
