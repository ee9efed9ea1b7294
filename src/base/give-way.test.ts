import { expect, test } from 'vitest'
import { giveWay, withPriority } from './give-way.ts'

/** Work that ends when it is told to. */
function endless() {
  const ends: (() => void)[] = []
  const promise = new Promise<void>((resolve) => void ends.push(resolve))
  return { work: () => promise, end: () => ends[0]?.() }
}

test('long work stands aside while somebody waits, and goes on after the last of them', async () => {
  const done: string[] = []
  const { work, end } = endless()
  const first = withPriority(work).then(() => done.push('first'))
  const second = withPriority(async () => 'second').then((name) => done.push(name))
  const long = giveWay().then(() => done.push('long work'))
  await second
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(done).toEqual(['second'])
  end()
  await Promise.all([first, long])
  expect(done).toEqual(['second', 'first', 'long work'])
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function heldUp(): Promise<number> {
  const began = performance.now()
  await giveWay()
  return performance.now() - began
}

test('long work is held up for some times as long as its step took, for a quarter of a second at most, and by a failure not at all', async () => {
  await expect(withPriority(() => Promise.reject(new RangeError('no')))).rejects.toThrow('no')
  await pause(100)
  expect(await heldUp()).toBeLessThan(240)
  const { work, end } = endless()
  const waited = withPriority(work)
  await pause(100)
  const afterLongStep = await heldUp()
  expect(afterLongStep).toBeGreaterThanOrEqual(240)
  expect(await heldUp()).toBeLessThan(afterLongStep)
  end()
  await waited
})
