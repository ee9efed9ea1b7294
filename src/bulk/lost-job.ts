import { z } from 'zod'
import { CaregapError } from '../base/index.ts'
import { ask, type Connection } from './connection.ts'
import { type ExportParameters, getUrl } from './export-request.ts'
import { ownUrl } from './server-address.ts'

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

/**
 * The status of an export that was asked for and whose answer never came, from the server's list of jobs (`jobsUrl`): the
 * newest of the very same request that began since. Undefined where there is none, or no list that can be read.
 */
export async function findLostJob(
  connection: Connection,
  parameters: ExportParameters,
  since: number,
): Promise<URL | undefined> {
  const { server } = connection
  if (server.jobsUrl === undefined) return undefined
  try {
    const url = ownUrl(server.jobsUrl, server)
    const answer = await ask(connection, { method: 'GET', url, headers: { Accept: 'application/json' }, alone: true })
    const list = jobList.safeParse(answer.json)
    // Some answer 404 where there are no jobs.
    if (answer.status !== 200 || !list.success) return undefined
    const wanted = requestKey(getUrl(server, parameters).href)
    const found = (list.data.entry ?? [])
      .map(({ resource }) => resource)
      .filter((task) => isOf(task, wanted, since))
      .sort((a, b) => startOf(b) - startOf(a))
    const [{ system = '', value = '' } = {}] = found[0]?.identifier ?? []
    return value === '' ? undefined : ownUrl(`${system.replace(/\/$/, '')}/${encodeURIComponent(value)}`, server)
  } catch (thrown) {
    // Without the list a second export is asked for, as at a server that has none.
    if (thrown instanceof CaregapError) return undefined
    throw thrown
  }
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
