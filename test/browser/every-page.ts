/** A page, with the heading and the status that it must have. */
export interface Expected {
  readonly path: string
  readonly heading: string
  readonly status?: number
}

/** Every page of the site, some of them in several states. */
export const everyPage: readonly Expected[] = [
  { path: '/', heading: 'Scorecard' },
  { path: '/measures/glycemic-status', heading: 'Glycemic Status Assessment Greater Than 9%' },
  { path: '/measures/glycemic-status/providers', heading: 'Glycemic Status' },
  { path: '/measures/glycemic-status/providers?by=provider&purpose=release', heading: 'Glycemic Status' },
  { path: '/measures/glycemic-status/trend', heading: 'Glycemic Status' },
  { path: '/measures/glycemic-status/disparities', heading: 'Glycemic Status' },
  { path: '/measures/glycemic-status/disparities?purpose=release', heading: 'Glycemic Status' },
  { path: '/measures/glycemic-status/reconcile', heading: 'Glycemic Status' },
  { path: '/measures/broken-measure/trend', heading: 'A measure that does not translate' },
  { path: '/measures/glycemic-status/providers?by=colour', heading: 'This address asks for something', status: 400 },
  { path: '/measures/broken-measure', heading: 'A measure that does not translate' },
  { path: '/measures/glycemic-status/people', heading: 'Initial population' },
  { path: '/measures/blood-pressure/people?status=open&sort=age&direction=descending', heading: 'Open gaps' },
  { path: '/measures/blood-pressure/people?q=nobody-of-this-name', heading: 'Initial population' },
  { path: '/measures/blood-pressure/people?page=999', heading: 'Initial population' },
  { path: '/worklist', heading: 'Worklist' },
  { path: '/worklist?colour=red', heading: 'This address asks for something', status: 400 },
  { path: '/huddle?day=2025-12-01', heading: 'Huddle: Dec 1, 2025' },
  { path: '/people/3', heading: 'Haddad, Kemi' },
  { path: '/people/3/resources/62', heading: 'Observation/Observation-6' },
  { path: '/runs', heading: 'Runs' },
  { path: '/runs/1', heading: 'Run 1' },
  { path: '/runs/1/changes', heading: 'What run 1 changed' },
  { path: '/quality', heading: 'Data quality' },
  { path: '/mapping', heading: 'Code mapping' },
  { path: '/mapping/maps/1', heading: 'Map 1' },
  { path: '/mapping?colour=red', heading: 'This address asks for something', status: 400 },
  { path: '/developers', heading: 'API' },
  { path: '/cds', heading: 'Decision support' },
  { path: '/about', heading: 'About caregap' },
  { path: '/people/999999', heading: 'There is no such page', status: 404 },
  { path: '/measures/glycemic-status/people?colour=red', heading: 'This address asks for something', status: 400 },
  { path: '/no-such-page', heading: 'There is no such page', status: 404 },
]
