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

test('a step of long work is held up for no longer than its bound, and by a failure not at all', async () => {
  await expect(withPriority(() => Promise.reject(new RangeError('no')))).rejects.toThrow('no')
  const began = performance.now()
  await giveWay()
  const free = performance.now() - began
  const { work, end } = endless()
  const waited = withPriority(work)
  await giveWay()
  const held = performance.now() - began - free
  expect(held).toBeGreaterThanOrEqual(240)
  expect(free).toBeLessThan(held)
  end()
  await waited
})
