import { expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import { readCoverage, readRunMeasures, resultLines } from '../../src/store/index.ts'
import { applicationOver, collect, period, visits } from '../run/made-run.ts'
import { configFor, newStore, pull, serve, smallExport } from './pulled.ts'

const failedType = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'exception', diagnostics: 'Encounter was not exported' }],
})

test('a run refuses half a refresh, or says so on every result; a whole one settles it', async () => {
  const half = await serve({ files: [...smallExport, { section: 'error', text: `${failedType}\n` }] })
  const store = await newStore()
  expect((await pull(store, configFor(half))).exitCode).toBe(1)
  expect(await readCoverage(store.session)).toEqual([
    { source: 'lakeside', type: '*', completeThrough: null, reason: 'bulk/server-errors', pullId: 1 },
  ])
  const application = await applicationOver(store, [await visits()])
  await expect(application.evaluateRun({ period }, silentProgress)).rejects.toThrow(
    /lakeside \(pull 1\) is partial \(bulk\/server-errors\): .*Encounter.* never whole/,
  )
  const runId = await application.evaluateRun({ period, acceptPartial: true }, silentProgress)
  expect((await readRunMeasures(store.session, runId))[0]?.diagnostics).toContain('jobs/partial-data')
  const lines = await collect(resultLines(store.session, runId))
  expect(lines).toHaveLength(3)
  for (const { remarks } of lines) expect(remarks).toEqual([expect.stringMatching(/^jobs\/partial-data: /)])

  const whole = await serve({ files: smallExport })
  expect((await pull(store, configFor(whole))).exitCode).toBe(0)
  expect(await readCoverage(store.session)).toMatchObject([
    { type: '*', reason: null, completeThrough: expect.stringMatching(/^2026-/) },
  ])
  const after = await application.evaluateRun({ period }, silentProgress)
  expect(JSON.parse((await readRunMeasures(store.session, after))[0]?.diagnostics ?? '')).toEqual([])
})

test('a measure that reads nothing of what is lacking runs', async () => {
  const half = await serve({ files: [...smallExport, { section: 'error', text: `${failedType}\n` }] })
  const store = await newStore()
  await pull(store, configFor(half, { types: ['Immunization'] }))
  const application = await applicationOver(store, [await visits()])
  expect(await application.evaluateRun({ period }, silentProgress)).toBe(1)
})
