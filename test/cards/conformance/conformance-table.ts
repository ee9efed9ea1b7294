import { type RequirementRow, requirementRows } from './requirement-rows.ts'

const sections: Readonly<Record<string, string>> = {
  G: 'General',
  D: 'Discovery',
  H: 'Hooks and contexts',
  Q: 'Request',
  P: 'Prefetch',
  A: 'FHIR access',
  K: 'Cards',
  S: 'Status codes',
  F: 'Feedback',
  J: 'Trust',
  X: 'CORS',
  E: 'Extensions',
}

const head = `# CDS Hooks: row by row

CDS Hooks 2.0.1, with what 3.0.0-ballot adds; BAR is our own bar where the text says nothing. Made from the titles of the tests, which name the
rows that they hold (\`test/cards/conformance/\`): a MUST or BAR row without a test, or without a line in [cds-mutations.md](cds-mutations.md), where
its code is taken out and its test must fail, fails the suite.
`

/** The conformance table as markdown: each row with the tests that name it, or why none does. */
export function conformanceTable(files: ReadonlyMap<string, readonly string[]>): string {
  const parts = Object.entries(sections).map(([letter, title]) => {
    const rows = requirementRows.filter(({ id }) => id.startsWith(letter))
    const lines = rows.map((row) => `| ${row.id} | ${row.level} | ${escaped(row.what)} | ${stateOf(row, files)} |`)
    return [`## ${title}`, '', '| # | level | requirement | shown by |', '|---|---|---|---|', ...lines, ''].join('\n')
  })
  return [head, ...parts].join('\n')
}

function stateOf({ id, untested }: RequirementRow, files: ReadonlyMap<string, readonly string[]>): string {
  const named = files.get(id) ?? []
  return named.length > 0 ? named.map((file) => `\`${file}\``).join(', ') : escaped(untested ?? '')
}

const escaped = (text: string): string => text.replaceAll('|', '\\|')
