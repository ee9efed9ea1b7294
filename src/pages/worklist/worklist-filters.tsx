import { gapStatuses } from '../../gaps/index.ts'
import type { WorklistQuery } from '../../jobs/index.ts'
import type { WorklistChoices } from '../../store/index.ts'
import { gapLabel } from '../parts/gap-chip.tsx'

type Choice = readonly [value: string, label: string]

const Select = (props: {
  readonly name: string
  readonly label: string
  readonly choices: readonly Choice[]
  readonly chosen: string | undefined
}) => (
  <div class="field">
    <label for={`work-${props.name}`}>{props.label}</label>
    <select id={`work-${props.name}`} name={props.name}>
      {props.choices.map(([value, label]) => (
        <option value={value} selected={value === (props.chosen ?? '')}>
          {label}
        </option>
      ))}
    </select>
  </div>
)

const Input = (props: {
  readonly name: string
  readonly label: string
  readonly type: 'number' | 'date' | 'search'
  readonly value: string | number | undefined
}) => (
  <div class="field">
    <label for={`work-${props.name}`}>{props.label}</label>
    <input id={`work-${props.name}`} name={props.name} type={props.type} value={props.value ?? ''} />
  </div>
)

const any: Choice = ['', 'Any']
const same = (value: string): Choice => [value, value]

/** Filters that stand behind "More filters", which is open where one of them is set. */
const narrowing = ['provider', 'payer', 'source', 'due-by', 'age-from', 'age-to', 'everybody', 'snoozed'] as const

/** The filters of the worklist: a form whose answer is an address that can be kept. */
export const WorklistFilters = ({
  query,
  choices,
  measures,
}: {
  readonly query: WorklistQuery
  readonly choices: WorklistChoices
  readonly measures: readonly Choice[]
}) => (
  <form class="filters filters-dense" method="get" action="/worklist" aria-label="Filter the worklist">
    <Select name="measure" label="Measure" chosen={query.measure} choices={[any, ...measures]} />
    <Select
      name="status"
      label="Gap"
      chosen={query.status}
      choices={[['', 'To do'], ...gapStatuses.map((status): Choice => [status, gapLabel(status)]), ['any', 'Any']]}
    />
    <Select name="practice" label="Practice" chosen={query.practice} choices={[any, ...choices.practices.map(same)]} />
    <Select
      name="assigned"
      label="Assigned to"
      chosen={query.assigned}
      choices={[any, ['nobody', 'Nobody'], ...choices.assignees.map(same)]}
    />
    <Input name="visit" label="Visit within days" type="number" value={query.visit} />
    <Input name="q" label="Part of a name" type="search" value={query.q} />
    <Select
      name="sort"
      label="Order"
      chosen={query.sort}
      choices={[
        ['due', 'First due'],
        ['name', 'Name'],
        ['age', 'Oldest first'],
        ['practice', 'Practice'],
        ['gaps', 'Most gaps'],
      ]}
    />
    <details class="more-filters" open={narrowing.some((name) => query[name] !== undefined)}>
      <summary>More filters</summary>
      <div class="filter-grid">
        <Select
          name="provider"
          label="Provider"
          chosen={query.provider}
          choices={[any, ...choices.providers.map(({ npi, name }): Choice => [npi, name])]}
        />
        <Select name="payer" label="Payer" chosen={query.payer} choices={[any, ...choices.payers.map(same)]} />
        <Select name="source" label="Source" chosen={query.source} choices={[any, ...choices.sources.map(same)]} />
        <Input name="due-by" label="Due by" type="date" value={query['due-by']} />
        <Input name="age-from" label="Age from" type="number" value={query['age-from']} />
        <Input name="age-to" label="Age to" type="number" value={query['age-to']} />
        <div class="field checks">
          <label>
            <input type="checkbox" name="everybody" value="yes" checked={query.everybody === 'yes'} /> Also who is out
            of outreach
          </label>
          <label>
            <input type="checkbox" name="snoozed" value="yes" checked={query.snoozed === 'yes'} /> Also snoozed
          </label>
        </div>
      </div>
    </details>
    <div class="actions">
      <button class="button button-primary" type="submit">
        Apply
      </button>
      <a href="/worklist">Clear</a>
    </div>
  </form>
)
