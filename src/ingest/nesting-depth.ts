const quote = 0x22
const backslash = 0x5c

/** How deep objects and arrays nest in a JSON text; stops counting above `enough`. Text in quotes does not count. */
export function nestingDepth(bytes: Buffer, start: number, end: number, enough: number): number {
  let depth = 0
  let deepest = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfString(bytes, at + 1, end)
    else if (byte === 0x7b || byte === 0x5b) {
      depth++
      if (depth > deepest) deepest = depth
      if (deepest > enough) return deepest
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return deepest
}

function endOfString(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}
