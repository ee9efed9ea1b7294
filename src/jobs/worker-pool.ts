import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { fault, messageOf, projectRoot } from '../base/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { PersonAnswers } from './evaluator.ts'
import type { WorkerAnswer, WorkerSetting, WorkerTask } from './worker-message.ts'

/** Evaluates batches of records somewhere. `slots`: how many batches keep it busy. */
export interface EvaluationPool {
  readonly slots: number
  evaluate(records: readonly PersonRecord[]): Promise<readonly PersonAnswers[]>
  close(): Promise<void>
}

/** The built entry of a worker: the same whether we run from `src/` or `dist/`. */
export const workerFile: string = join(projectRoot, 'dist', 'jobs', 'evaluate-worker.js')

interface Waiting {
  readonly resolve: (persons: readonly PersonAnswers[]) => void
  readonly reject: (reason: unknown) => void
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
}

/**
 * Threads that evaluate, each with its own interpreters. A thread that dies fails every batch that it had:
 * the fault `jobs/worker-failed`. Fault at once: `jobs/worker-missing` where the project is not built.
 */
export function createWorkerPool(threads: number, setting: WorkerSetting): EvaluationPool {
  if (!existsSync(workerFile)) {
    throw fault('system', 'jobs/worker-missing', 'The evaluation worker is not built.', {
      place: { file: workerFile },
      remedy: 'Run npm run build.',
    })
  }
  const all = Array.from({ length: threads }, () => startThread(setting))
  let next = 0
  return {
    // One batch in work and one waiting, so that no thread stands idle while the next batch is read.
    slots: threads * 2,
    evaluate(records) {
      const [thread] = all.toSorted((a, b) => a.waiting.size - b.waiting.size)
      if (thread === undefined) return Promise.reject(workerFault('there is no thread'))
      const task: WorkerTask = { id: next++, records: JSON.stringify(records) }
      return new Promise((resolve, reject) => {
        thread.waiting.set(task.id, { resolve, reject })
        thread.worker.postMessage(task, [])
      })
    },
    async close() {
      await Promise.all(all.map((thread) => thread.worker.terminate()))
    },
  }
}

function startThread(setting: WorkerSetting): Thread {
  const thread: Thread = { worker: new Worker(workerFile, { workerData: setting }), waiting: new Map() }
  const failAll = (reason: unknown) => {
    for (const waiting of thread.waiting.values()) waiting.reject(reason)
    thread.waiting.clear()
  }
  thread.worker.on('message', ({ id, persons }: WorkerAnswer) => {
    thread.waiting.get(id)?.resolve(persons)
    thread.waiting.delete(id)
  })
  thread.worker.on('error', (error) => failAll(workerFault(messageOf(error))))
  thread.worker.on('exit', (code) => failAll(workerFault(`it ended with code ${code}`)))
  return thread
}

const workerFault = (reason: string) =>
  fault('system', 'jobs/worker-failed', `An evaluation thread failed: ${reason}.`, {
    remedy: 'Run it again; with a very large record give Node more memory (--max-old-space-size).',
  })
