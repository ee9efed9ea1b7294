import { groupBy } from '../../base/index.ts'
import {
  type FactKind,
  type FactsInSource,
  lackingSources,
  type SafeFacts,
  type StoredFacts,
} from '../../jobs/index.ts'
import { countOf, formatCount } from '../parts/format.ts'
import { Notice } from '../parts/notice.tsx'
import { Panel } from '../parts/panel.tsx'
import { type Column, DataTable } from '../parts/table.tsx'

interface FactsProps {
  readonly facts: SafeFacts | undefined
  readonly state: StoredFacts['state']
}

/** More sources than these do not fit beside each other: the table scrolls. */
const mostBeside = 6

/** Which kinds of facts the logic of measures reads, and which source has none of one. */
export const FactsPanel = ({ facts, state }: FactsProps) => (
  <Panel
    id="facts"
    title="Facts that measures read"
    note="What a source has none of, its people cannot have counted, for them or against them. Where other sources have it, it is more often an export that lacks a type, or a code that no map reads, than care that was not given."
    flush
  >
    {state === 'current' ? null : <CountingNotice state={state} />}
    {facts === undefined ? null : <FactsTables facts={facts} />}
  </Panel>
)

const CountingNotice = ({ state }: Pick<FactsProps, 'state'>) => (
  <Notice title={state === 'none' ? 'The facts are being counted' : 'There is a newer run than these counts'}>
    <p>
      {state === 'none'
        ? 'What each source holds is told as soon as it was counted.'
        : 'It is being counted; until then this is of the run before.'}{' '}
      <a href="/quality">Load the page again</a>
    </p>
  </Notice>
)

const FactsTables = ({ facts }: { readonly facts: SafeFacts }) => (
  <>
    <LackTable lacks={lacksOf(facts)} sources={facts.sources.length} isWhole={isWhole(facts)} />
    {facts.measures.map((measure) => (
      <div class="panel-body">
        <details>
          <summary>
            {measure.title}: {summaryOf(measure.kinds)}
          </summary>
          {measure.kinds.length === 0 ? null : <KindTable {...measure} facts={facts} />}
        </details>
      </div>
    ))}
  </>
)

function summaryOf(kinds: readonly FactKind[]): string {
  if (kinds.length === 0) return 'what it reads is not known'
  const lacking = kinds.filter((kind) => lackingSources(kind).length > 0).length
  return `${countOf(kinds.length, 'kind of facts', 'kinds of facts')}, ${lacking === 0 ? 'none' : formatCount(lacking)} missing somewhere`
}

interface Lack {
  readonly kind: FactKind
  readonly missing: readonly string[]
  readonly measures: readonly { readonly measureId: string; readonly title: string }[]
}

/** What is missing somewhere, each kind once: first what some source has and another not. */
function lacksOf({ measures, sources }: SafeFacts): readonly Lack[] {
  const read = measures.flatMap(({ kinds, ...measure }) => kinds.map((kind) => ({ kind, measure })))
  const lacks = [
    ...groupBy(read, ({ kind }) => JSON.stringify([kind.type, kind.path, kind.valueSet, kind.codes])),
  ].flatMap(([, alike]): readonly Lack[] => {
    const [first] = alike
    if (first === undefined) return []
    const missing = lackingSources(first.kind)
    return missing.length === 0 ? [] : [{ kind: first.kind, missing, measures: alike.map(({ measure }) => measure) }]
  })
  const isNowhere = ({ missing }: Lack) => Number(missing.length === sources.length)
  return lacks.toSorted((a, b) => isNowhere(a) - isNowhere(b) || b.measures.length - a.measures.length)
}

/** Is it known of every kind of facts of every measure whether each source has any? */
const isWhole = ({ measures }: SafeFacts): boolean =>
  measures.every(({ kinds }) => kinds.length > 0) &&
  measures.every(({ kinds }) => kinds.every(({ sources }) => sources.every(({ presence }) => presence !== 'unknown')))

interface LackProps {
  readonly lacks: readonly Lack[]
  readonly sources: number
  readonly isWhole: boolean
}

const LackTable = ({ lacks, sources, isWhole }: LackProps) =>
  lacks.length === 0 ? (
    <p class="panel-body">
      {isWhole
        ? 'Every source has some of each kind of facts that a measure reads.'
        : 'No source is known to lack a kind of facts, but not all could be counted or may be told: see each measure.'}
    </p>
  ) : (
    <DataTable
      label="Facts that a source has none of"
      narrow="cards"
      rows={lacks}
      columns={[
        { label: 'Facts', heading: true, width: 'some', cell: ({ kind }) => <KindName kind={kind} /> },
        {
          label: 'None in',
          cell: ({ missing }) => (missing.length === sources ? 'any source' : missing.join(', ')),
        },
        {
          label: 'Read by',
          width: 'some',
          cell: ({ measures }) =>
            measures.map(({ measureId, title }, index) => (
              <>
                {index === 0 ? '' : ', '}
                <a href={`/measures/${encodeURIComponent(measureId)}`}>{title}</a>
              </>
            )),
        },
      ]}
    />
  )

interface KindTableProps {
  readonly title: string
  readonly kinds: readonly FactKind[]
  readonly facts: SafeFacts
}

const KindTable = ({ title, kinds, facts }: KindTableProps) => (
  <DataTable
    label={`Facts that ${title} reads, by source`}
    narrow={facts.sources.length > mostBeside ? 'scroll' : 'cards'}
    rows={kinds}
    columns={[
      { label: 'Facts', heading: true, width: 'some', cell: (kind) => <KindName kind={kind} /> },
      ...facts.sources.map(
        ({ source }): Column<FactKind> => ({
          label: source,
          align: 'end',
          cell: (kind) => heldText(kind.sources.find((held) => held.source === source)),
        }),
      ),
    ]}
  />
)

/** `310 people, 1,204 resources`; in words where no counts are told. */
function heldText(held: FactsInSource | undefined) {
  if (held === undefined || held.presence === 'unknown') return <span class="zero">not told</span>
  if (held.presence === 'none') return <strong>none</strong>
  const { persons, resources } = held
  if (resources === null) return 'some'
  const of = countOf(resources, 'resource')
  return persons === null ? (
    of
  ) : (
    <>
      {countOf(persons, 'person', 'people')}
      <span class="cell-note">{of}</span>
    </>
  )
}

const KindName = ({ kind }: { readonly kind: FactKind }) => {
  // Logic that reads a resource as it stands reads no element by name.
  const elements = kind.elements.filter((name) => name !== '')
  return (
    <>
      {kind.type}: {meaningOf(kind)}
      <span class="cell-note">
        {kind.path === undefined ? 'of any code' : `by ${kind.path}`}
        {elements.length === 0 ? '' : `; reads ${elements.join(', ')}`}
      </span>
    </>
  )
}

/** Codes beyond these are not named. */
const mostCodes = 3

function meaningOf({ title, valueSet, codes, path }: FactKind): string {
  if (path === undefined) return 'all'
  if (valueSet !== undefined) return title ?? valueSet
  const named = codes.slice(0, mostCodes).map(({ display, code }) => display ?? code ?? '')
  return named.join(', ') + (codes.length > mostCodes ? ` and ${codes.length - mostCodes} more` : '')
}
