import type { Session } from '../../src/duck/index.ts'
import type { FactKind, FactsFound, FactsInSource } from '../../src/jobs/index.ts'

const held = (source: string, persons: number): FactsInSource => ({
  source,
  presence: persons === 0 ? 'none' : 'some',
  resources: persons * 3,
  persons,
})

const kind = (type: string, title: string, sources: readonly FactsInSource[]): FactKind => ({
  type,
  path: type === 'Encounter' ? 'type' : 'code',
  valueSet: `http://example.org/ValueSet/${title.toLowerCase().replaceAll(' ', '-')}`,
  title,
  codes: [],
  elements: ['status'],
  sources,
})

/** In the place of what was counted: a source that lacks a test, facts that nobody has, and one that `few` people have. */
export async function seedFacts(session: Session, few = 6): Promise<void> {
  const found: FactsFound = {
    runId: 1,
    sources: [
      { source: 'harbor', persons: 97 },
      { source: 'lakeside', persons: 104 },
      { source: 'summit', persons: 109 },
    ],
    measures: [
      {
        measureId: 'glycemic-status',
        title: 'Glycemic Status Assessment Greater Than 9%',
        kinds: [
          kind('Observation', 'HbA1c Laboratory Test', [held('harbor', 60), held('lakeside', 0), held('summit', few)]),
          kind('Encounter', 'Hospice', [held('harbor', 0), held('lakeside', 0), held('summit', 0)]),
        ],
      },
      { measureId: 'blood-pressure', title: 'Controlling High Blood Pressure', kinds: [] },
    ],
  }
  await session.run('UPDATE measure_facts SET found = $found::JSON', { found: JSON.stringify(found) })
}
