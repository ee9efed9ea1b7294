import { expect, test } from 'vitest'
import { openStore } from '../store/index.ts'
import { storedValueSets, storeValueSets } from './stored-value-sets.ts'
import { pinValueSets } from './value-sets-pinned.ts'

test('value sets come back from the store by canonical, with version and hash', async () => {
  const store = await openStore({ path: ':memory:' })
  const set = { url: 'http://x/a', version: '2', sha256: 'hash', members: [{ system: 'http://loinc.org', code: '1' }] }
  await storeValueSets(store.session, pinValueSets([set]))
  const stored = await storedValueSets(store.session)
  expect(stored.find('http://x/a|2')).toEqual(set)
  expect(stored.find('http://x/a')).toEqual(set)
  expect(stored.find('http://x/a|1')).toBeUndefined()
  store.close()
})
