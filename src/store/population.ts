import type { Session } from '../duck/index.ts'

/**
 * Says which sources are outside organisations: who is known by these alone does not count. Derive the data afterwards; until
 * then they are not complete. The data's changes tell who came in and who left.
 */
export async function setOutsideSources(session: Session, names: readonly string[]): Promise<void> {
  const wanted = [...new Set(names)].sort()
  if (wanted.join(' ') === (await readOutside(session))) return
  await session.transaction(async () => {
    await session.run('DELETE FROM outside_source')
    await session.run(`INSERT INTO outside_source SELECT unnest(from_json($names::JSON, '["VARCHAR"]'))`, {
      names: JSON.stringify(wanted),
    })
  })
}

/** The names of the outside organisations, in order, with a space between them. */
export async function readOutside(session: Session): Promise<string> {
  const row = await session.first<{ names: string }>(
    `SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') AS names FROM outside_source`,
  )
  return row?.names ?? ''
}

/** Of these persons those who count, ascending. */
export async function amongPopulation(session: Session, pids: readonly number[]): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT pid FROM population WHERE pid IN (SELECT unnest(from_json($pids::JSON, '["INTEGER"]'))) ORDER BY pid`,
    { pids: JSON.stringify(pids) },
  )
  return rows.map(({ pid }) => pid)
}
