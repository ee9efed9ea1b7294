import type { CodeMapRow } from '../../store/index.ts'
import { formatInstant } from '../parts/format.ts'

/** The names by which people know code systems. */
const systemNames: ReadonlyMap<string, string> = new Map([
  ['http://loinc.org', 'LOINC'],
  ['http://snomed.info/sct', 'SNOMED CT'],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'ICD-10-CM'],
  ['http://www.nlm.nih.gov/research/umls/rxnorm', 'RxNorm'],
  ['http://www.ama-assn.org/go/cpt', 'CPT'],
  ['http://hl7.org/fhir/sid/cvx', 'CVX'],
  ['https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', 'HCPCS'],
])

/** A code with its system, as short as it stays clear. */
export const CodeText = ({ system, code }: { readonly system: string; readonly code: string }) => (
  <>
    {system === '' ? null : <>{systemNames.get(system) ?? system} </>}
    <code>{code}</code>
  </>
)

export const kindNames: Readonly<Record<CodeMapRow['kind'], string>> = {
  code: 'Code',
  text: 'Text',
  unit: 'Unit',
  day: 'Days',
}

/** What a map translates. */
export const MapFrom = ({ map }: { readonly map: CodeMapRow }) =>
  map.kind === 'day' ? (
    <>Moments by {map.fromValue}</>
  ) : map.kind === 'text' ? (
    <>“{map.fromValue}”</>
  ) : (
    <CodeText system={map.fromSystem} code={map.fromValue} />
  )

/** What a map translates to. */
export const MapTo = ({ map }: { readonly map: CodeMapRow }) =>
  map.kind === 'day' ? (
    <>days of {map.toCode}</>
  ) : (
    <>
      <CodeText system={map.toSystem} code={map.toCode} />
      {map.toDisplay === null ? null : <span class="cell-note">{map.toDisplay}</span>}
    </>
  )

const stateNames: Readonly<Record<CodeMapRow['state'], string>> = {
  proposed: 'Waits for a decision',
  approved: 'Approved',
  retired: 'Retired',
}

/** What became of a map: one that was retired before it was ever approved was rejected. */
export const stateName = (map: CodeMapRow): string =>
  map.state === 'retired' && map.approvedAt === null ? 'Rejected' : stateNames[map.state]

/** Who did what to a map, and when, in order. */
export function MapHistory({ map }: { readonly map: CodeMapRow }) {
  const ended = map.approvedAt === null ? 'Rejected' : 'Retired'
  const steps = [
    ['Proposed', map.proposedBy, map.proposedAt],
    ['Approved', map.approvedBy, map.approvedAt],
    [ended, map.retiredBy, map.retiredAt],
  ] as const
  return (
    <ul class="plain-list small">
      {steps.flatMap(([what, by, at]) =>
        at === null
          ? []
          : [
              <li>
                {what} by {by ?? 'nobody named'}, {formatInstant(at)}
              </li>,
            ],
      )}
    </ul>
  )
}
