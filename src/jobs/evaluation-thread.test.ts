import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { EvaluationThread } from './evaluation-thread.ts'

const folder = mkdtempSync(join(tmpdir(), 'caregap-thread-'))
afterAll(() => rmSync(folder, { recursive: true }))

const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }
const setting = { measures: [], expansions: [], period, engine: 'interpreter', today: '2026-06-30' } as const

function threadOf(name: string, code: string): EvaluationThread {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, `import { parentPort } from 'node:worker_threads'\n${code}`)
  return new EvaluationThread(file, setting)
}

test('a thread that answers', async () => {
  const thread = threadOf(
    'answers',
    "parentPort.on('message', ({ id, persons }) => parentPort.postMessage({ id, persons }))",
  )
  const person = { pid: 3, members: [], rows: [], bases: new Map() }
  expect(await thread.evaluate([person])).toEqual([person])
  expect(thread.waiting).toBe(0)
  await thread.close()
})

test('a thread that dies fails what it had', async () => {
  const thread = threadOf('dies', "parentPort.on('message', () => process.exit(3))")
  const both = await Promise.allSettled([thread.evaluate([]), thread.evaluate([])])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(thread.evaluate([])).rejects.toThrow('ended with code 3')
})

test('a thread that could not start fails what it is given later', async () => {
  const thread = threadOf('cannot-start', "import './nowhere.mjs'")
  await expect(thread.evaluate([])).rejects.toThrow('nowhere.mjs')
  await expect(thread.evaluate([])).rejects.toMatchObject({
    kind: 'system',
    diagnostics: [{ code: 'jobs/worker-failed' }],
  })
})
