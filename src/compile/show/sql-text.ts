import type { LibraryClosure } from '../../elm/index.ts'
import type { DefineColumn } from '../../plan/index.ts'
import { type Script, scriptText } from '../../sql/index.ts'

/** A script that a reader can follow: before it, as comments, each define with its columns and its CQL. */
export function commentedScript(script: Script, columns: readonly DefineColumn[], closure: LibraryClosure): string {
  const { main, cql } = closure
  const text = cql.get(main.identifier.id) ?? ''
  const comments = columns.map(({ define, value, fault }) => {
    const name = define.slice(main.identifier.id.length + 1)
    const locator = main.statements?.def.find((statement) => statement.name === name)?.['locator']
    const own = typeof locator === 'string' ? cqlAt(text, locator) : []
    const title = `"${name}": its letter is ${value}${fault === undefined ? '' : `, its fault ${fault}`}`
    return [title, ...own.map((line) => `  ${line}`)].map((line) => `-- ${line}`.trimEnd()).join('\n')
  })
  return `${comments.join('\n--\n')}\n\n${scriptText(script)}`
}

/** The lines of CQL from `line:column` to `line:column`. */
function cqlAt(text: string, locator: string): readonly string[] {
  const [from = 0, to = from] = locator.split('-').map((place) => Number(place.split(':')[0]))
  return text.split('\n').slice(from - 1, to)
}
