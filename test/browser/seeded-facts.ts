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

/**
 * In the place of what was found in the lines: dates ahead and references to nothing, in many resources, in `few` of them, and in all
 * but `few`.
 */
export async function seedFaults(session: Session, few = 6): Promise<void> {
  const counts = [
    ['future-date', 1, 'Observation', 'effectiveDateTime', 31, 27, 0],
    ['future-date', 2, 'Observation', 'effectiveDateTime', few, few, 0],
    ['future-date', 3, 'Patient', 'birthDate', few, few, 0],
    ['dangling-reference', 1, 'Condition', 'Encounter', 60, 55, 58],
    ['dangling-reference', 3, 'Condition', 'Encounter', 109 - few, 90, 95],
    ['dangling-reference', 3, 'Observation', 'urn', 12, 12, 0],
  ] as const
  await session.run('DELETE FROM data_fault_count')
  for (const [kind, source, type, named, resources, patients, targets] of counts)
    await session.run(
      `INSERT INTO data_fault_count SELECT $kind, $source, $type, $named, $resources, $patients, $targets,
         (SELECT count(*) FROM resource_current WHERE source_id = $source AND type = $type), (SELECT min(file_id) FROM source_file
           WHERE source_id = $source AND declared_type = $type), 17`,
      { kind, source, type, named, resources, patients, targets },
    )
  await session.run(`INSERT OR REPLACE INTO derived_state VALUES ('faults', 'made', 0)`)
}
