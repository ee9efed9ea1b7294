const lineFeed = 0x0a
const carriageReturn = 0x0d
/** What stands for line ends within a resource while it travels as one line: bytes that no JSON text holds. */
const feedMark = 0x01
const returnMark = 0x02
/** As little JSON as the marks are; where a file itself holds one of them, it is refused by the parser for this. */
const foreignMark = 0x03

/** The same text as one line, with marks for its line ends. The bytes are as many as before. */
export function asOneLine(text: Buffer): Buffer {
  const line = Buffer.from(text)
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]
    if (byte === lineFeed) line[at] = feedMark
    else if (byte === carriageReturn) line[at] = returnMark
    else if (byte === feedMark || byte === returnMark) line[at] = foreignMark
  }
  return line
}

/** The text as it was. */
export function fromOneLine(line: Buffer): Buffer {
  if (!line.includes(feedMark) && !line.includes(returnMark)) return line
  return Buffer.from(line.map((byte) => (byte === feedMark ? lineFeed : byte === returnMark ? carriageReturn : byte)))
}
