/** Shifts the numbers of people so that no two copies share one; rows of no person are everybody's and stay single. */
const shifted = { spid: (by) => `spid + ${by}`, pid: (by) => `pid + ${by}` }

/** A resource of a copy has a number of its own, as evenly spread as that of the one it is of. */
const numbered = (copy) => `CAST(hash(rid, ${copy}) >> 1 AS BIGINT)`

/**
 * Makes the people of a store so many times as many, as evaluation sees them: their rows in typed tables, and who they are.
 * Copies have no lines: nobody can be read from raw, and nobody's record.
 */
export async function makeCopies(session, times) {
  const tables = await session.all(
    `SELECT table_name AS "table", list(column_name ORDER BY column_index) AS columns FROM duckdb_columns()
     WHERE database_name = current_database() AND (starts_with(table_name, 'typed_') OR table_name IN ('source_patient', 'person', 'resource_current'))
     GROUP BY table_name HAVING list_has_any(list(column_name), ['pid', 'spid']) ORDER BY table_name`,
  )
  const { most } = await session.first(
    'SELECT greatest(max(spid), max(pid)) + 1 AS most FROM (SELECT spid, coalesce(pid, spid) AS pid FROM source_patient)',
  )
  for (const { table, columns } of tables)
    for (let copy = 1; copy < times; copy += 1) {
      const by = copy * most
      const list = columns.map((name) => {
        if (name === 'rid') return numbered(copy)
        if (name === 'patient_id') return `patient_id || '-${copy}'`
        return shifted[name]?.(by) ?? `"${name}"`
      })
      const owner = columns.includes('spid') ? 'spid' : 'pid'
      await session.run(
        `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}) SELECT ${list.join(', ')} FROM ${table} WHERE ${owner} < ${most}`,
      )
    }
}
