/** Reserved words of CQL that carry the shape of a definition (CQL 1.5, appendix B). */
const keywords = new Set(
  `aggregate all and as asc ascending begins between by called case cast code codes codesystem collapse concept contains
  context convert date define desc descending difference display distinct during else end ends except exists expand false
  first flatten from function if implies in include includes included intersect interval is last let library list not null
  occurs of on or or overlaps parameter per point predecessor private properly public return same singleton sort start starts
  successor such that then to true union using valueset version when where width with within without xor`.split(/\s+/),
)

const tokens = /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^'\\]|\\.)*')|("(?:[^"\\]|\\.)*")|([A-Za-z_]\w*)/g

/** A piece of CQL text with the class it is shown in; plain text has none. */
export interface CodePiece {
  readonly text: string
  readonly kind?: 'comment' | 'string' | 'name' | 'keyword'
}

/** Cuts CQL text for display. The pieces joined are the text, whatever it holds. */
export function cutCql(text: string): CodePiece[] {
  const pieces: CodePiece[] = []
  let done = 0
  for (const match of text.matchAll(tokens)) {
    const [whole, comment, literal, name, word] = match
    const kind = comment
      ? 'comment'
      : literal
        ? 'string'
        : name
          ? 'name'
          : keywords.has(word ?? '')
            ? 'keyword'
            : undefined
    if (kind === undefined) continue
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) })
    pieces.push({ text: whole, kind })
    done = match.index + whole.length
  }
  return done < text.length ? [...pieces, { text: text.slice(done) }] : pieces
}

/** CQL text in colours. `label` names it for those who reach it by keyboard to scroll it. */
export const CqlText = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="code" tabindex={0} role="region" aria-label={label}>
    <code>
      {cutCql(text).map((piece) =>
        piece.kind === undefined ? piece.text : <span class={`code-${piece.kind}`}>{piece.text}</span>,
      )}
    </code>
  </pre>
)
