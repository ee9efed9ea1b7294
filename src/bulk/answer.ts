import { z } from 'zod'
import { type CaregapError, type FaultKind, fault } from '../base/index.ts'
import { type Reply, readText } from './exchange.ts'
import { shownUrl } from './server-address.ts'

const outcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(
    z.object({
      severity: z.string().catch('error'),
      code: z.string().catch('unknown'),
      diagnostics: z.string().optional().catch(undefined),
      details: z.object({ text: z.string().optional() }).optional().catch(undefined),
    }),
  ),
})

export type Issue = z.infer<typeof outcome>['issue'][number]

/** An answer with its body read: text always, JSON where it is some. Its content type is not relied on. */
export interface Answer {
  readonly url: URL
  readonly status: number
  readonly text: string
  readonly json: unknown
  header(name: string): string | undefined
}

/** Reads a short answer to its end. Any body will do: HTML, none, broken JSON. */
export async function readAnswer(reply: Reply): Promise<Answer> {
  const text = await readText(reply)
  return { url: reply.url, status: reply.status, text, json: parseJson(text), header: (name) => headerOf(reply, name) }
}

/** A header of a reply; the first of several. */
export function headerOf(reply: Reply, name: string): string | undefined {
  const value = reply.headers[name.toLowerCase()]
  return Array.isArray(value) ? value[0] : value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The issues of an OperationOutcome; none where the value is not one. */
export function issuesOf(value: unknown): readonly Issue[] {
  const parsed = outcome.safeParse(value)
  return parsed.success ? parsed.data.issue : []
}

/** Issue codes that say: try again (http://hl7.org/fhir/issue-type). */
const transientIssues = ['transient', 'throttled', 'timeout', 'lock-error', 'incomplete', 'no-store']

/** True where another try may succeed: 408, 425, 429, 5xx, or an issue that says so. 501 never. */
export function isTransient(answer: Pick<Answer, 'status' | 'json'>): boolean {
  if (issuesOf(answer.json).some((issue) => transientIssues.includes(issue.code))) return true
  return [408, 425, 429].includes(answer.status) || (answer.status >= 500 && answer.status !== 501)
}

/** A fault about an answer: what was done, the status, and what the server said of the request, shortened. */
export function answerFault(kind: FaultKind, code: string, what: string, answer: Answer, remedy: string): CaregapError {
  const said = saidIn(answer)
  return fault(
    kind,
    code,
    `${what}: ${shownUrl(answer.url)} answered ${answer.status}${said === '' ? '' : `, ${said}`}.`,
    {
      remedy,
    },
  )
}

const errorReply = z.object({ error: z.string(), error_description: z.string().optional() })

/** What a server says of a refused request, in one short line; empty where it says nothing readable. */
function saidIn(answer: Answer): string {
  const texts = issuesOf(answer.json).map((issue) =>
    [issue.code, issue.diagnostics ?? issue.details?.text].filter((part) => part !== undefined).join(': '),
  )
  const oauth = errorReply.safeParse(answer.json)
  if (oauth.success) texts.push([oauth.data.error, oauth.data.error_description].filter(Boolean).join(': '))
  return oneLine(texts.join('; '), 300)
}

/** Text without line breaks, cut to so many letters. */
export function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > most ? `${line.slice(0, most)}…` : line
}
