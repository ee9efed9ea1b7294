import { patientCompartment } from '../fhir/index.ts'

/**
 * SQL of the id of the patient whose compartment a line belongs to, from columns `type`, `id` and the already extracted
 * references in `direct` (by path). NULL where these do not tell. A reference to a patient of another server keeps its
 * whole URL as the id, so that it meets nobody's.
 */
export function directPatientSql(types: readonly string[], direct: Readonly<Record<string, string>>): string {
  return byType(types, (path) => {
    const known = direct[path]
    return known === undefined ? undefined : patientIdSql(known)
  })
}

/** The same by the elements that are not yet extracted, from `line`; undefined where the types have no such element. */
export function furtherPatientSql(types: readonly string[], direct: readonly string[]): string | undefined {
  const sql = byType(types, (path) => (direct.includes(path) ? undefined : lineSql(path)))
  return sql.includes('json_extract') ? sql : undefined
}

/** Only for the types given: the whole table would make each statement long. */
function byType(types: readonly string[], read: (path: string) => string | undefined): string {
  const branches = new Map<string, string[]>()
  for (const type of types) {
    const parts = (patientCompartment[type] ?? []).map(read).filter((part) => part !== undefined)
    if (parts.length === 0) continue
    const sql = `coalesce(${parts.join(', ')}, NULL)`
    branches.set(sql, [...(branches.get(sql) ?? []), type])
  }
  const whens = [...branches].map(
    ([sql, names]) => `WHEN type IN (${names.map((type) => `'${type}'`).join(', ')}) THEN ${sql}`,
  )
  return `CASE WHEN type = 'Patient' THEN id ${whens.join('\n')} END`
}

function lineSql(path: string): string {
  const read = `json_extract_string(line, '$.${path}.reference')`
  if (!path.includes('[*]')) return patientIdSql(read)
  return `list_filter(list_transform(${read}, lambda r: ${patientIdSql('r')}), lambda r: r IS NOT NULL)[1]`
}

/** `Patient/1`, `Patient/1/_history/2` and the same below the source's own base (column `base`) -> `1`. */
function patientIdSql(reference: string): string {
  return `CASE WHEN starts_with(${reference}, 'Patient/') THEN split_part(${reference}, '/', 2)
    WHEN base <> '' AND starts_with(${reference}, base || 'Patient/') THEN split_part(substr(${reference}, length(base) + 1), '/', 2)
    WHEN contains(${reference}, '/Patient/') THEN ${reference} END`
}
