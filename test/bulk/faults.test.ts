import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CaregapError, projectRoot } from '../../src/base/index.ts'
import { type FaultRow, recovered, refused, shortened } from './fault-rows.ts'
import { configFor, currentIds, jumpingPace, newStore, pull, serve, smallExport, smallIds } from './pulled.ts'

const document = readFileSync(join(projectRoot, 'docs', 'bulk-data.md'), 'utf8')

async function meet(row: FaultRow) {
  const server = await serve({ files: smallExport, ...row.setup, faults: row.faults ?? [] })
  const store = await newStore()
  const pace = jumpingPace()
  const run = () => pull(store, configFor(server, row.config), { pace })
  return { server, store, pace, run }
}

test.each(recovered)('$scenario: recovered, nothing lost and nothing twice', async (row) => {
  expect(document).toContain(`| ${row.scenario} | recovered |`)
  const { store, server, pace, run } = await meet(row)
  const result = await run()
  expect(result).toMatchObject({ exitCode: row.exitCode ?? 0, resources: row.resources ?? 7 })
  expect(await currentIds(store)).toEqual(row.ids ?? smallIds)
  expect(result.findings.map(({ code }) => code)).toEqual(row.findings ?? [])
  expect(result.watermark).toBeDefined()
  expect(server.jobs()).toHaveLength(row.left ?? 0)
  expect(server.kickOffs()).toBe(row.kickOffs ?? 1)
  if (row.longestWaitMs !== undefined) expect(Math.max(...pace.waits)).toBe(row.longestWaitMs)
  expect(pace.waits.length).toBeLessThan(40)
})

test.each(shortened)('$scenario: partial, what is there is loaded, and the watermark stays', async (row) => {
  expect(document).toContain(`| ${row.scenario} | partial: \`${row.findings?.[0]}\` |`)
  const { store, run } = await meet(row)
  const result = await run()
  expect(result.exitCode).toBe(1)
  expect(result.pull.partial).toBe(true)
  expect(result.findings.map(({ code }) => code)).toEqual(row.findings)
  expect(result.watermark).toBeUndefined()
  expect(await currentIds(store)).toEqual(row.ids ?? smallIds)
})

test.each(refused)('$scenario: refused with its reason, nothing loaded', async (row) => {
  expect(document).toContain(`| ${row.scenario} | refused: \`${row.code}\` |`)
  const { store, pace, run } = await meet(row)
  const thrown: unknown = await run().catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(CaregapError)
  const { diagnostics } = thrown as CaregapError
  expect(diagnostics.map(({ code }) => code)).toContain(row.code)
  expect(diagnostics.every(({ remedy }) => remedy !== undefined) || row.code === 'bulk/subsetted').toBe(true)
  expect(String(thrown)).not.toContain('secret-of-the-url')
  expect(await currentIds(store)).toEqual([])
  expect(pace.waits.length).toBeLessThan(80)
})
