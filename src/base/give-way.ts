import { breathe } from './breathe.ts'

/** How long long work waits for what is waited for, before it does its next step all the same. */
const longestWaitMs = 250

let underWay = 0
let waiting: (() => void)[] = []

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
 * Between two steps of long work: everything else of this thread has its turn, and what has priority is done first. A
 * step is never held up for longer than a quarter of a second, so that long work comes to its end under any load.
 */
export async function giveWay(): Promise<void> {
  await breathe()
  if (underWay === 0) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longestWaitMs)
    waiting.push(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
