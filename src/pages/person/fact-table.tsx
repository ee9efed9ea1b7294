import { Day } from '../parts/day.tsx'
import { countOf } from '../parts/format.ts'
import { DataTable } from '../parts/table.tsx'
import type { ShownFact } from './facts.ts'

/** Facts that say the same (a diagnosis that each visit repeats, say), shown as one row. */
interface FactGroup {
  readonly first: ShownFact
  readonly facts: readonly ShownFact[]
}

/** Facts of one content together, in the order in which each content comes first. */
export function groupFacts(facts: readonly ShownFact[]): FactGroup[] {
  const groups = new Map<string, ShownFact[]>()
  for (const fact of facts) {
    const key = JSON.stringify([fact.what, fact.day, fact.value, fact.defines, fact.source, fact.type, fact.decisive])
    groups.set(key, [...(groups.get(key) ?? []), fact])
  }
  return [...groups.values()].flatMap((all) => (all[0] === undefined ? [] : [{ first: all[0], facts: all }]))
}

const Link = ({ fact, pid }: { readonly fact: ShownFact; readonly pid: number }) => (
  <a href={`/people/${pid}/resources/${fact.rid}`}>
    <code>
      {fact.type}/{fact.id}
    </code>
  </a>
)

const Links = ({ facts, pid }: { readonly facts: readonly ShownFact[]; readonly pid: number }) => {
  const [only] = facts
  if (facts.length === 1 && only !== undefined) return <Link fact={only} pid={pid} />
  return (
    <details class="inline-details">
      <summary>{countOf(facts.length, 'resource')}</summary>
      <ul class="plain-list">
        {facts.map((fact) => (
          <li>
            <Link fact={fact} pid={pid} />
          </li>
        ))}
      </ul>
    </details>
  )
}

/** A measured value stays on one line; longer text may wrap. */
const Value = ({ text }: { readonly text: string }) =>
  text.length > 16 ? <>{text}</> : <span class="nowrap">{text}</span>

/** The resources that a result rests on; each leads to the line as the source sent it. */
export const FactTable = ({
  facts,
  pid,
  label,
}: {
  readonly facts: readonly ShownFact[]
  readonly pid: number
  readonly label: string
}) => (
  <DataTable
    label={label}
    narrow="cards"
    rows={groupFacts(facts)}
    columns={[
      {
        label: 'What',
        heading: true,
        cell: ({ first }) => (
          <>
            {first.what} {first.decisive ? <span class="tag">decides</span> : null}
          </>
        ),
      },
      {
        label: 'When',
        cell: ({ first }) => (first.day === undefined ? <span class="soft">no date</span> : <Day date={first.day} />),
      },
      { label: 'Value', cell: ({ first }) => (first.value === undefined ? '' : <Value text={first.value} />) },
      { label: 'Read by', cell: ({ first }) => first.defines.join(', ') },
      { label: 'Source', cell: ({ first }) => first.source },
      { label: 'Resource', width: 'some', cell: (group) => <Links facts={group.facts} pid={pid} /> },
    ]}
  />
)
