/**
 * SQL of a resource's key: 63 bits of MD5 over source, type and id, so that it depends on nothing else.
 * Two resources that meet in it are refused when a job is published.
 */
export function ridSql(source: string, type: string, id: string): string {
  return `(md5_number(${source} || chr(10) || ${type} || chr(10) || ${id}) & 9223372036854775807)::BIGINT`
}
