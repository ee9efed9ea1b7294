/**
 * One CSV field (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe, for
 * names and practices come from elsewhere.
 */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A line of CSV with its end. */
export const csvLine = (values: readonly (string | number | boolean | null)[]): string =>
  `${values.map(csvField).join(',')}\r\n`
