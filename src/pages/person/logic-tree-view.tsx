import { populationName } from '../measure/counts.ts'
import { CqlText } from '../parts/cql-text.tsx'
import type { LogicNode, PopulationTree } from './logic-tree.ts'

interface TruthWords {
  readonly label: string
  readonly kind: 'yes' | 'none' | 'fault'
  readonly shape: string
}

const check = 'M2 7.6 5.4 11 12 3.4'
const cross = 'M3 3 11 11M11 3 3 11'
const dash = 'M2.5 7h9'

/** The letters of stored results in words; each has a shape of its own beside its colour. */
const words: Readonly<Record<string, TruthWords>> = {
  t: { label: 'True', kind: 'yes', shape: check },
  f: { label: 'False', kind: 'none', shape: cross },
  n: { label: 'Null', kind: 'none', shape: dash },
  e: { label: 'Error', kind: 'fault', shape: 'M7 2.5v6M7 11.4v.1' },
  l: { label: 'Found', kind: 'yes', shape: check },
  z: { label: 'None found', kind: 'none', shape: cross },
  v: { label: 'A value', kind: 'yes', shape: 'M3 5h8M3 9h8' },
}

const notKept: TruthWords = { label: 'Not kept', kind: 'none', shape: dash }

const Truth = ({ node }: { readonly node: LogicNode }) => {
  const truth = words[node.letter ?? ''] ?? notKept
  const count = node.letter === 'l' && node.held > 0 ? ` ${node.held}` : ''
  return (
    <span class={`truth truth-${truth.kind}`}>
      <svg viewBox="0 0 14 14" aria-hidden="true">
        <path d={truth.shape} />
      </svg>
      {`${truth.label}${count}`}
    </span>
  )
}

const Node = ({ node, role }: { readonly node: LogicNode; readonly role?: string }) => (
  <li>
    <details>
      <summary>
        <Truth node={node} />
        <span>
          {role === undefined ? null : <strong>{role}</strong>}
          {role === undefined ? node.name : role.toLowerCase() === node.name.toLowerCase() ? null : `: ${node.name}`}
        </span>
        {node.repeated ? <span class="small soft">as above</span> : null}
      </summary>
      {node.text === undefined ? (
        <p class="small soft">The text of this define is not at hand.</p>
      ) : (
        <CqlText text={node.text} label={`CQL of ${node.name}`} />
      )}
    </details>
    {node.children.length === 0 ? null : (
      <ul>
        {node.children.map((child) => (
          <Node node={child} />
        ))}
      </ul>
    )}
  </li>
)

/** The logic of a measure for one person, true or false at each define; the CQL opens on demand. */
export const LogicTree = ({ trees }: { readonly trees: readonly PopulationTree[] }) => (
  <ul class="tree">
    {trees.map((tree) => (
      <Node node={tree.root} role={populationName(tree.code as Parameters<typeof populationName>[0])} />
    ))}
  </ul>
)
