/** A template's text with its operands in place of `$1`, `$2`, ... */
export function fill(template: string, operands: readonly string[]): string {
  return template.replaceAll(/\$(\d+)/g, (_, place: string) => operands[Number(place) - 1] ?? 'NULL')
}

/** How often a template names each operand: one named twice is computed in a column of its own first. */
export function usesOf(template: string, place: number): number {
  return template.split(new RegExp(`\\$${place}(?!\\d)`)).length - 1
}
