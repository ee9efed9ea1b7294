/** A library or model that a CQL text names, with where it does so (line and column count from 1). */
export interface CqlName {
  readonly name: string
  readonly version?: string
  readonly line: number
  readonly column: number
}

/** What stands at the head of a CQL text: enough to find its includes without translating it. */
export interface CqlHeader {
  /** Undefined where the text has no library declaration. */
  readonly library: CqlName | undefined
  readonly usings: readonly CqlName[]
  readonly includes: readonly CqlName[]
}

interface Token {
  readonly text: string
  readonly offset: number
}

const tokenPattern =
  /(?<skip>\/\/[^\n]*|\/\*[\s\S]*?\*\/|\s+)|'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|`(?:\\[\s\S]|[^`\\])*`|\w+|[\s\S]/g

/**
 * Reads the library, using and include declarations of a CQL text (CQL 1.5, chapter 2.1). Comments and
 * strings are skipped. Faults in the text are left to the translator, which names them all.
 */
export function parseCqlHeader(text: string): CqlHeader {
  const tokens = [...text.matchAll(tokenPattern)]
    .filter((match) => match.groups?.['skip'] === undefined)
    .map((match): Token => ({ text: match[0], offset: match.index }))
  const declared = (keyword: string) =>
    tokens.flatMap((token, index) =>
      token.text === keyword && tokens[index - 1]?.text !== '.' ? [readName(text, tokens, index)] : [],
    )
  return { library: declared('library')[0], usings: declared('using'), includes: declared('include') }
}

/** Reads `a.b.Name version '1'` after the keyword at `start`; the place is that of the keyword. */
function readName(text: string, tokens: readonly Token[], start: number): CqlName {
  let index = start + 1
  let name = unquote(tokens[index]?.text ?? '')
  // A qualified name (`org.example.Name`) is known by its last part; the namespace only says where it comes from.
  while (tokens[index + 1]?.text === '.') {
    index += 2
    name = unquote(tokens[index]?.text ?? '')
  }
  const version = tokens[index + 1]?.text === 'version' ? unquote(tokens[index + 2]?.text ?? '') : undefined
  const before = text.slice(0, tokens[start]?.offset ?? 0).split('\n')
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  return { name, ...(version === undefined ? {} : { version }), ...place }
}

const unquote = (text: string): string => (/^['"`]/.test(text) ? text.slice(1, -1) : text)
