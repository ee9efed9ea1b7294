import { expect, test } from 'vitest'
import type { Session } from '../../src/duck/index.ts'
import { servePages } from './page-server.ts'
import { openSeededApplication } from './seeded-application.ts'

/** Appointments of people who have an open gap, as an EHR writes them: instants in UTC, and a day alone. */
async function book(session: Session): Promise<void> {
  const open = `SELECT DISTINCT s.pid, min(s.spid) AS spid FROM gap g JOIN source_patient s ON s.pid = g.pid
    WHERE g.run_id = 1 AND g.status = 'open' GROUP BY s.pid ORDER BY s.pid LIMIT 4`
  await session.run(
    `INSERT INTO raw_line SELECT 900000 + n, 900000 + n, spid, 1, 'Appointment', 'a' || n, '1', '2025-10-01T10:00:00Z', 1, n,
       json_object('resourceType', 'Appointment', 'id', 'a' || n, 'status', 'booked',
         'start', ['2025-12-02T01:30:00Z', '2025-12-01T14:15:00.000Z', '2025-12-01T10:00:00-05:00', '2025-12-01'][n],
         'participant', json_array(json_object('actor', json_object('reference', 'Practitioner/x',
           'display', ['Ada Stone', 'Ada Stone', 'Ben Reed', 'Ben Reed'][n]))))::VARCHAR
     FROM (SELECT spid, row_number() OVER (ORDER BY pid)::INTEGER AS n FROM (${open}))`,
  )
  await session.run(
    `INSERT INTO resource_current BY NAME SELECT rid, hash, spid, source_id, type, id, 1 AS changed_seq, false AS deleted
     FROM raw_line WHERE type = 'Appointment'`,
  )
  await session.run(`UPDATE gap_row SET next_action = 'Measure it today' WHERE status = 'open'`)
}

const sheets = (text: string) => text.split('class="sheet"').slice(1)

test('a huddle sheet is of a provider and a day by the clocks of the source, in order of time, with what would close each gap', async () => {
  const application = await openSeededApplication(book)
  const server = await servePages(application)
  try {
    const read = async (path: string) => (await fetch(`${server.url}${path}`)).text()
    const all = await read('/huddle?day=2025-12-01')
    // 01:30 UTC of the next day is 20:30 of this one where the source is.
    expect(all).toContain('4 visits expected')
    expect(sheets(all).map((sheet) => [...sheet.matchAll(/>(\d\d:\d\d)</g)].map(([, time]) => time))).toEqual([
      ['09:15', '20:30'],
      ['10:00'],
    ])
    expect(sheets(all)[0]).toContain('Dec 1, 2025, 2 visits')
    expect(sheets(all)[0]).toContain('Measure it today')
    const one = await read('/huddle?day=2025-12-01&provider=Ben%20Reed')
    expect(sheets(one)).toHaveLength(1)
    expect(one).toContain('<option value="Ben Reed" selected="">')
    expect(await read('/huddle?day=2025-12-01&provider=Nobody')).toContain('Nobody is expected by this provider')
    expect(await read('/huddle?day=2025-12-02')).toContain('Nobody is expected on this day')
  } finally {
    await server.close()
    await application.close()
  }
})
