import { expect, test } from 'vitest'
import { Database } from './database.ts'

test('a session that is closed while statements wait for a thread ends when the last of them has', async () => {
  const database = await Database.open({ path: ':memory:' })
  for (let round = 0; round < 20; round += 1) {
    const session = await database.connect()
    // More than there are threads, so that some have not begun when the session is closed.
    const asked = Array.from({ length: 40 }, () => session.all('SELECT count(*) AS n FROM range(20000)'))
    session.close()
    session.close()
    const ends = await Promise.allSettled(asked)
    for (const end of ends) if (end.status === 'rejected') expect(String(end.reason)).toMatch(/interrupt/i)
    await expect(session.run('SELECT 1')).rejects.toThrow(/The session is closed/)
  }
  const last = await database.connect()
  expect(await last.all('SELECT 1 AS one')).toEqual([{ one: 1 }])
  last.close()
  database.close()
})
