/**
 * Text of a record or a configuration as GitHub-flavoured markdown that shows exactly that text: no markup, no
 * HTML, no links that make themselves. On one line.
 */
export function escapeMarkdown(text: string): string {
  return onOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]!|~@$]/g, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/\bwww\./gi, (start) => `${start.slice(0, -1)}${String.raw`\.`}`)
}

/** Plain text without control characters, line breaks or angle brackets, for places that are no markdown. */
export function plainText(text: string): string {
  return onOneLine(text).replaceAll('<', '‹').replaceAll('>', '›')
}

function onOneLine(text: string): string {
  // Cc control characters, Cf those that change how others show (bidirectional overrides, zero-width joiners).
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** At most `limit` characters, cut between words with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit - 1)
  const space = cut.lastIndexOf(' ')
  const kept = space > limit / 2 ? cut.slice(0, space) : cut
  return `${kept.replace(/[\uD800-\uDBFF]$/, '').replace(/[,;: ]+$/, '')}…`
}
