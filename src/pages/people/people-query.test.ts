import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { everybody } from '../../store/index.ts'
import { filterOf, parsePeopleQuery, populationOf, queryText } from './people-query.ts'

const where = { runId: 1, measureId: 'm', groupId: 'g', periodEnd: '2026-12-31', visible: everybody }

function parsed(query: Record<string, string>) {
  const result = parsePeopleQuery(query)
  if (!result.ok) throw new TypeError(result.reason)
  return result.query
}

test('an empty query is the initial population by name', () => {
  expect(filterOf(parsed({}), where)).toEqual({
    ...where,
    population: 'initial-population',
    sort: 'name',
    descending: false,
  })
})

test('a gap status alone is asked of everybody', () => {
  expect(populationOf(parsed({ status: 'open' }))).toBe('all')
  expect(populationOf(parsed({ status: 'open', population: 'denominator' }))).toBe('denominator')
})

test('empty fields of the form are no filters', () => {
  expect(filterOf(parsed({ status: '', practice: '', source: ' ', q: '' }), where)).not.toHaveProperty('status')
})

test.each([[{ colour: 'red' }], [{ status: 'ajar' }], [{ page: '0' }], [{ page: 'two' }], [{ sort: 'pid' }]])(
  'what no page understands is refused: %j',
  (query) => {
    expect(parsePeopleQuery(query as unknown as Record<string, string>)).toMatchObject({ ok: false })
  },
)

test('a query written as an address reads back as itself', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 }).filter((value) => value.trim() === value)
  const some = fc.record(
    {
      practice: text,
      source: text,
      q: text,
      status: fc.constantFrom('open', 'closed'),
      page: fc.constantFrom('1', '7'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(some, (raw) => {
      const query = parsed(raw)
      expect(parsed(Object.fromEntries(new URLSearchParams(queryText(query))))).toEqual(query)
    }),
  )
})
