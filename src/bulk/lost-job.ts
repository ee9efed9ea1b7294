import { z } from 'zod'
import { CaregapError } from '../base/index.ts'
import { ask, type Connection } from './connection.ts'
import { type ExportParameters, getUrl } from './export-request.ts'
import { ownUrl, shownUrl } from './server-address.ts'

/** A server's list of its jobs, as BCDA has it: Tasks whose input is the request that began them. */
const jobList = z.object({
  resourceType: z.literal('Bundle'),
  entry: z
    .array(
      z.object({
        resource: z.object({
          status: z.string().optional(),
          identifier: z.array(z.object({ system: z.string().optional(), value: z.string().optional() })).optional(),
          input: z.array(z.object({ valueString: z.string().optional() })).optional(),
          executionPeriod: z.object({ start: z.string().optional() }).optional(),
        }),
      }),
    )
    .optional(),
})

type Task = NonNullable<z.infer<typeof jobList>['entry']>[number]['resource']

/** Clocks of two machines differ by less. */
const skewMs = 300_000
const ended = ['failed', 'cancelled', 'rejected', 'entered-in-error']

/** What a server's list of jobs tells of an export whose answer never came. */
type LostJob =
  | { readonly statusUrl: URL }
  /** It is not among them, or there is no list that can be read: why. */
  | { readonly statusUrl: undefined; readonly reason: string }

/**
 * Looks for an export that was asked for and whose answer never came in the server's list of jobs (`jobsUrl`): the
 * newest of the very same request that began since. A list that cannot be read is no fault: without it a second export
 * is asked for, as at a server that has none; the reason says why.
 */
export async function findLostJob(
  connection: Connection,
  parameters: ExportParameters,
  since: number,
): Promise<LostJob> {
  const { server } = connection
  if (server.jobsUrl === undefined) return notFound('the source has no jobsUrl to look for it')
  try {
    const url = ownUrl(server.jobsUrl, server)
    const answer = await ask(connection, { method: 'GET', url, headers: { Accept: 'application/json' }, alone: true })
    // Some answer 404 where there are no jobs.
    if (answer.status === 404) return notFound('the server lists no jobs (404)')
    if (answer.status !== 200)
      return notFound(`the list of jobs could not be read: ${shownUrl(url)} answered ${answer.status}`)
    const list = jobList.safeParse(answer.json)
    if (!list.success)
      return notFound(
        `the list of jobs could not be read: ${shownUrl(url)} did not answer with a Bundle of Tasks (${firstReason(list.error)})`,
      )
    const wanted = requestKey(getUrl(server, parameters).href)
    const found = (list.data.entry ?? [])
      .map(({ resource }) => resource)
      .filter((task) => isOf(task, wanted, since))
      .sort((a, b) => startOf(b) - startOf(a))
    if (found.length === 0) return notFound('the server lists no job of this request')
    const [{ system = '', value = '' } = {}] = found[0]?.identifier ?? []
    if (value === '') return notFound('the server lists the job without an identifier')
    return { statusUrl: ownUrl(`${system.replace(/\/$/, '')}/${encodeURIComponent(value)}`, server) }
  } catch (thrown) {
    if (!(thrown instanceof CaregapError)) throw thrown
    const message = thrown.diagnostics[0]?.message ?? thrown.message
    return notFound(`the list of jobs could not be read: ${message.replace(/\.$/, '')}`)
  }
}

const notFound = (reason: string): LostJob => ({ statusUrl: undefined, reason })

function firstReason(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'of another form' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`
}

const startOf = ({ executionPeriod }: Task): number => Date.parse(executionPeriod?.start ?? '')

function isOf(task: Task, wanted: string, since: number): boolean {
  const asked = (task.input ?? []).flatMap(({ valueString }) => /^GET\s+(\S+)$/.exec(valueString ?? '')?.[1] ?? [])
  const isSame = asked.some((url) => URL.canParse(url) && requestKey(url) === wanted)
  return isSame && !ended.includes(task.status ?? '') && startOf(task) >= since - skewMs
}

/** The same request, however its parameters are encoded and ordered. */
function requestKey(href: string): string {
  const { pathname, searchParams } = new URL(href)
  return JSON.stringify([pathname, [...searchParams].map((pair) => pair.join('=')).sort()])
}
