import type { Child } from 'hono/jsx'

/** The markdown of cards as elements: paragraphs, lists, tables, bold and italic. Anything else stays text. */
export const Markdown = ({ text }: { readonly text: string }) => <>{text.split('\n\n').map(block)}</>

function block(text: string): Child {
  if (text.startsWith('| ')) return tableOf(text.split('\n'))
  if (text.startsWith('- ')) return <p class="list-line">{inline(text.slice(2))}</p>
  return <p>{inline(text)}</p>
}

function tableOf(lines: readonly string[]): Child {
  const [head = '', , ...rows] = lines
  return (
    <div class="table-scroll" role="region" aria-label="Facts of the card" tabindex={0}>
      <table>
        <thead>
          <tr>
            {cells(head).map((cell) => (
              <th scope="col">{inline(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {cells(row).map((cell) => (
                <td class={/^\d{4}-\d{2}-\d{2}$/.test(cell) ? 'nowrap' : undefined}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Cells between bars that are not escaped. */
const cells = (row: string): readonly string[] => (row.match(/(?:\\.|[^|])+/g) ?? []).map((cell) => cell.trim())

function inline(text: string): Child {
  const match = /^(?<mark>\*\*|\*)(?<inner>(?:\\.|[^*])+)\k<mark>(?<rest>.*)$/s.exec(text)
  const { mark, inner = '', rest = '' } = match?.groups ?? {}
  if (mark === undefined) return plain(text)
  return (
    <>
      {mark === '**' ? <strong>{plain(inner)}</strong> : <em>{plain(inner)}</em>}
      {plain(rest)}
    </>
  )
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' }

/** Escapes taken back: JSX escapes what stands in HTML. */
function plain(text: string): string {
  return text.replaceAll(/\\([^\w\s])/g, '$1').replaceAll(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity)
}
