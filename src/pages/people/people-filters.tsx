import { gapStatuses } from '../../gaps/index.ts'
import { populationName } from '../measure/counts.ts'
import { gapLabel } from '../parts/gap-chip.tsx'
import { listPopulations, type PeopleQuery, populationOf } from './people-query.ts'

interface Choice {
  readonly value: string
  readonly label: string
}

const Select = (props: {
  readonly name: string
  readonly label: string
  readonly choices: readonly Choice[]
  readonly chosen: string
}) => (
  <div class="field">
    <label for={`filter-${props.name}`}>{props.label}</label>
    <select id={`filter-${props.name}`} name={props.name}>
      {props.choices.map((choice) => (
        <option value={choice.value} selected={choice.value === props.chosen}>
          {choice.label}
        </option>
      ))}
    </select>
  </div>
)

const same = (value: string): Choice => ({ value, label: value })

/** The filters of a list of people: a form whose answer is a URL. */
export const PeopleFilters = ({
  query,
  action,
  practices,
  sources,
}: {
  readonly query: PeopleQuery
  readonly action: string
  readonly practices: readonly string[]
  readonly sources: readonly string[]
}) => (
  <form class="filters" method="get" action={action} aria-label="Filter the list">
    {query.group === undefined ? null : <input type="hidden" name="group" value={query.group} />}
    <Select
      name="population"
      label="Population"
      chosen={populationOf(query)}
      choices={listPopulations.map((value) => ({ value, label: populationName(value) }))}
    />
    <Select
      name="status"
      label="Gap"
      chosen={query.status ?? ''}
      choices={[{ value: '', label: 'Any' }, ...gapStatuses.map((value) => ({ value, label: gapLabel(value) }))]}
    />
    <Select
      name="practice"
      label="Practice"
      chosen={query.practice ?? ''}
      choices={[{ value: '', label: 'All' }, ...practices.map(same)]}
    />
    <Select
      name="source"
      label="Source"
      chosen={query.source ?? ''}
      choices={[{ value: '', label: 'All' }, ...sources.map(same)]}
    />
    <div class="field">
      <label for="filter-q">Name or patient id</label>
      <input id="filter-q" name="q" type="search" value={query.q ?? ''} maxlength={200} autocomplete="off" />
    </div>
    {query.sort === 'name' ? null : <input type="hidden" name="sort" value={query.sort} />}
    {query.direction === 'ascending' ? null : <input type="hidden" name="direction" value={query.direction} />}
    <div class="actions">
      <button class="button button-primary" type="submit">
        Apply
      </button>
      <a href={action}>Reset</a>
    </div>
  </form>
)
