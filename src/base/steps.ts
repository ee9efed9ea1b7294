import { giveWay } from './give-way.ts'

/** Work in steps, between which a thread that others wait for may do something else. */
export type Steps<T> = Generator<void, T>

/** All of the work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Steps that together take less than this are one: to give way costs a turn of the thread. */
const shortestStepMs = 4

/** The work step by step: what others wait for has its turn between them. */
export async function finishGently<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    await giveWay()
    const began = performance.now()
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (performance.now() - began < shortestStepMs)
  }
}
