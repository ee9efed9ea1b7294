import { breathe } from './breathe.ts'

/** Long work waits at most so many times as long as its last step took, and never longer than this, for what is waited for. */
const waitPerStep = 4
const longestWaitMs = 250
const shortestWaitMs = 5

let underWay = 0
let waiting: (() => void)[] = []
/** When the last step of long work began. */
let stepBegan = 0

/** Work that somebody waits for in front of a screen: while it is under way, long work stands aside at each `giveWay`. */
export async function withPriority<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1
  try {
    return await work()
  } finally {
    underWay -= 1
    // The answer goes out first: long work goes on when this thread has nothing else to do.
    if (underWay === 0) setImmediate(wake)
  }
}

function wake(): void {
  if (underWay > 0) return
  const woken = waiting
  waiting = []
  for (const goOn of woken) goOn()
}

/**
 * Between two steps of long work: everything else of this thread has its turn, and what has priority is done first. Long work
 * keeps a fifth of the time however much is waited for (a call may wait for another server), so that it comes to its end.
 */
export async function giveWay(): Promise<void> {
  const took = performance.now() - stepBegan
  await breathe()
  if (underWay > 0) await idle(Math.min(longestWaitMs, shortestWaitMs + took * waitPerStep))
  stepBegan = performance.now()
}

function idle(atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      waiting = waiting.filter((one) => one !== goOn)
      resolve()
    }, atMostMs)
    waiting.push(goOn)
  })
}
