import { Worker } from 'node:worker_threads'
import { type CaregapError, fault, messageOf } from '../base/index.ts'
import type { PersonParts } from '../identity/index.ts'
import type { PersonAnswers } from './evaluator.ts'
import type { WorkerAnswer, WorkerSetting, WorkerTask } from './worker-message.ts'

interface Waiting {
  readonly resolve: (persons: readonly PersonAnswers[]) => void
  readonly reject: (reason: unknown) => void
}

/**
 * One thread with its own interpreters. Once it is gone, every batch that it had and every batch that it is given
 * fails with `jobs/worker-failed`: a message to a dead thread would be waited for without end.
 */
export class EvaluationThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #failure: CaregapError | undefined
  #next = 0

  constructor(file: string, setting: WorkerSetting) {
    this.#worker = new Worker(file, { workerData: setting })
    this.#worker.on('message', ({ id, persons }: WorkerAnswer) => {
      this.#waiting.get(id)?.resolve(persons)
      this.#waiting.delete(id)
    })
    this.#worker.on('error', (error) => this.#fail(messageOf(error)))
    this.#worker.on('exit', (code) => this.#fail(`it ended with code ${code}`))
  }

  /** Batches that it has not answered yet. */
  get waiting(): number {
    return this.#waiting.size
  }

  evaluate(persons: readonly PersonParts[]): Promise<readonly PersonAnswers[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const task: WorkerTask = { id: this.#next++, persons }
    return new Promise((resolve, reject) => {
      this.#waiting.set(task.id, { resolve, reject })
      this.#worker.postMessage(task, [])
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(reason: string): void {
    this.#failure ??= fault('system', 'jobs/worker-failed', `An evaluation thread failed: ${reason}.`, {
      remedy: 'Run it again; with a very large record give Node more memory (--max-old-space-size).',
    })
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}
