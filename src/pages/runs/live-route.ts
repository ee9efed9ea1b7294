import type { Route } from '../../access/index.ts'
import { type Application, safeActivities } from '../../jobs/index.ts'
import { mustBeSafe } from '../site.tsx'

/** How often a stream looks for news, and after how long it says that it still lives. */
const lookEveryMs = 400
const beatEveryMs = 15_000

/**
 * `GET /runs/live`: what is under way, as server-sent events: the whole board as JSON with each change, at most a few times a
 * second. Counts and names of steps only, nobody's data.
 */
export function liveRoute(application: Application, rule: Route['rule']): Route {
  return {
    method: 'GET',
    path: '/runs/live',
    rule,
    handle: (context, scope) =>
      new Response(eventsOf(application, mustBeSafe({ context, scope })), {
        headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' },
      }),
  }
}

function eventsOf({ activity }: Application, isSafe: boolean): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  return new ReadableStream(
    {
      start(controller) {
        let version = -1
        let toldAt = performance.now()
        const tell = (text: string) => {
          toldAt = performance.now()
          controller.enqueue(encoder.encode(text))
        }
        const look = () => {
          // A reader that does not keep up gets the newest state later, not every one that was.
          if ((controller.desiredSize ?? 0) <= 0) return
          if (activity !== undefined && activity.version !== version) {
            version = activity.version
            tell(`data: ${JSON.stringify(safeActivities(activity.list(), isSafe))}\n\n`)
          } else if (performance.now() - toldAt > beatEveryMs) tell(': still here\n\n')
        }
        tell('retry: 3000\n\n')
        timer = setInterval(look, lookEveryMs)
        timer.unref()
      },
      cancel() {
        clearInterval(timer)
      },
    },
    { highWaterMark: 16 },
  )
}
