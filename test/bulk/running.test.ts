import { expect, test } from 'vitest'
import { cancelNamedPull } from '../../src/jobs/index.ts'
import { readPulls } from '../../src/store/index.ts'
import { configFor, newStore, pull, serve, smallExport } from './pulled.ts'
import { answers } from './wire-faults.ts'

const realPace = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  random: () => 0.5,
}

test('a pull that waits is cancelled by another command of the same process; a second one is refused', async () => {
  const server = await serve({ files: smallExport, faults: [answers('status', 202, { times: 9999 })] })
  const config = configFor(server, { pollSeconds: { least: 30, most: 60 } })
  const store = await newStore()
  const waiting = pull(store, config, { pace: realPace })
  const ended = expect(waiting).rejects.toThrow(/The pull was stopped/)
  while ((await readPulls(store.session))[0]?.state !== 'polling') await realPace.sleep(20)
  await expect(pull(store, config)).rejects.toThrow(/already/)
  expect(await cancelNamedPull(store, 'lakeside', config)).toMatchObject({ failure: undefined })
  await ended
  expect((await readPulls(store.session)).map(({ state }) => state)).toEqual(['cancelled'])
  expect(server.jobs()).toEqual([])
})
