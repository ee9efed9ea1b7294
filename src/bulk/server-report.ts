import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { Deletion, PullFinding } from '../store/index.ts'
import { issuesOf, oneLine } from './answer.ts'

/** The JSON values of a file of lines; undefined for a line that is none. Only a line feed ends a line. */
export async function* valuesOf(path: string): AsyncGenerator {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '').map(parse)
  }
  if (rest.trim() !== '') yield parse(rest)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const mostSamples = 5

/**
 * What the server says went wrong in the export: errors make the pull partial, the rest is only shown. What it says in
 * words goes into the detail, which may speak of people.
 */
export async function readOutcomes(paths: readonly string[]): Promise<PullFinding[]> {
  const bad = new Tally()
  const remarks = new Tally()
  for (const path of paths) {
    for await (const value of valuesOf(path)) {
      const issues = issuesOf(value)
      if (issues.length === 0) bad.add('unreadable', '')
      for (const { severity, code, diagnostics, details } of issues) {
        const tally = severity === 'warning' || severity === 'information' || severity === 'success' ? remarks : bad
        tally.add(code, diagnostics ?? details?.text ?? '')
      }
    }
  }
  return [
    ...bad.findings('error', 'bulk/server-errors', 'The server reports errors in its export'),
    ...remarks.findings('information', 'bulk/server-remarks', 'The server has remarks on its export'),
  ]
}

class Tally {
  readonly #counts = new Map<string, number>()
  readonly #samples: string[] = []

  add(code: string, text: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
    if (text !== '' && this.#samples.length < mostSamples) this.#samples.push(oneLine(text, 200))
  }

  findings(severity: PullFinding['severity'], code: string, text: string): PullFinding[] {
    if (this.#counts.size === 0) return []
    const counts = [...this.#counts].map(([name, count]) => `${count} ${name}`).join(', ')
    return [{ severity, code, message: `${text}: ${counts}.`, detail: { said: [...this.#samples] } }]
  }
}

const deletionBundle = z.object({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.object({ request: z.object({ method: z.string(), url: z.string() }) })).default([]),
})

/** Deletions named in the export, and how many entries are none (then the pull is partial). */
export async function readDeletions(
  paths: readonly string[],
): Promise<{ readonly deletions: readonly Deletion[]; readonly unreadable: number }> {
  const found = new Map<string, Deletion>()
  let unreadable = 0
  for (const path of paths) {
    for await (const value of valuesOf(path)) {
      const bundle = deletionBundle.safeParse(value)
      if (!bundle.success) {
        unreadable++
        continue
      }
      for (const { request } of bundle.data.entry) {
        const deletion = readDeletion(request)
        if (deletion === undefined) unreadable++
        else found.set(`${deletion.type}/${deletion.id}`, deletion)
      }
    }
  }
  return { deletions: [...found.values()], unreadable }
}

/** `DELETE Patient/123`, or the same with an absolute URL. */
function readDeletion({ method, url }: { method: string; url: string }): Deletion | undefined {
  const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(url) ?? []
  return method.toUpperCase() === 'DELETE' && type !== undefined && id !== undefined ? { type, id } : undefined
}
