import { expect, test } from 'vitest'
import { configFor, currentIds, newStore, pull, serve, smallExport, smallIds } from './pulled.ts'

test('a pull brings a whole export into the store, ends it at the server and moves the watermark', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  const result = await pull(store, configFor(server))
  expect(await currentIds(store)).toEqual(smallIds)
  expect(result).toMatchObject({ exitCode: 0, resumed: false, resources: 7, findings: [] })
  expect(result.pull).toMatchObject({ state: 'done', partial: false, kickOffs: 1 })
  expect(result.watermark).toBe('2026-02-28T23:45:00.000Z')
  expect(server.jobs()).toEqual([])
})
