import { expect, test } from 'vitest'
import { openStore } from './store.ts'
import { readValueSets, replaceValueSets, type ValueSetEntry } from './terminology.ts'

const loinc = 'http://loinc.org'
const first: ValueSetEntry = {
  url: 'http://x/a',
  version: '1',
  title: 'A',
  sha256: 'one',
  members: [{ system: loinc, code: '1', display: 'One' }, { code: '2' }],
}
const second: ValueSetEntry = { url: 'http://x/b', sha256: 'two', members: [] }

test('value sets come back as they were stored; the same again writes nothing; what is gone is gone', async () => {
  const store = await openStore({ path: ':memory:' })
  const { session } = store
  const ids = () =>
    session.all<{ url: string; id: number }>('SELECT url, value_set_id AS id FROM value_set ORDER BY url')
  await replaceValueSets(session, [first, second])
  expect(await readValueSets(session)).toEqual([{ ...first, members: [...first.members].reverse() }, second])
  const before = await ids()
  await replaceValueSets(session, [first, second])
  expect(await ids()).toEqual(before)

  const newer: ValueSetEntry = { ...first, sha256: 'three', members: [{ system: loinc, code: '3' }] }
  await replaceValueSets(session, [newer])
  expect(await readValueSets(session)).toEqual([newer])
  const members = await session.all('SELECT code FROM value_set_member')
  expect(members).toEqual([{ code: '3' }])
  store.close()
})
