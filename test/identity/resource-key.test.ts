import { expect, test } from 'vitest'
import { resourceKey } from '../../src/identity/resource-key.ts'
import { openStore } from '../../src/store/index.ts'
import { ridSql } from '../../src/store/rid.ts'

test.each(['7', 'é/ü', ''])('the key of %s equals the one that the store computes', async (id) => {
  const store = await openStore({ path: ':memory:' })
  const row = await store.session.first<{ rid: string }>(`SELECT ${ridSql('$source', '$type', '$id')} AS rid`, {
    source: 'lakeside',
    type: 'Patient',
    id,
  })
  expect(String(resourceKey('lakeside', 'Patient', id))).toBe(row?.rid)
  store.close()
})
