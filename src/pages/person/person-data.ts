import { personFilter } from '../../access/index.ts'
import {
  type PersonFinding,
  type PersonGapRow,
  type PersonHeader,
  type PersonMeasureResult,
  type PersonResource,
  type PersonSourcePatient,
  type RunMeasureSummary,
  type RunSummary,
  readPersonErrors,
  readPersonFindings,
  readPersonGaps,
  readPersonHeader,
  readPersonMeasureResults,
  readPersonPatients,
  readPersonSourcePatients,
  readPublishedRun,
  readResources,
  readRunMeasures,
} from '../../store/index.ts'
import type { PageRequest } from '../site.tsx'
import { gapEvidenceOf } from './facts.ts'

/** What the run says of a person, as stored. */
export interface PersonRun {
  readonly run: RunSummary
  readonly measures: readonly RunMeasureSummary[]
  readonly results: readonly PersonMeasureResult[]
  readonly gaps: readonly PersonGapRow[]
  readonly errors: readonly { readonly measureId: string; readonly code: string; readonly message: string }[]
  /** Every resource that a result or a gap names, by rid. */
  readonly resources: ReadonlyMap<string, PersonResource>
}

/** All that a patient's page shows. Without a published run, `personRun` is absent. */
export interface PersonData {
  readonly header: PersonHeader
  readonly sourcePatients: readonly PersonSourcePatient[]
  readonly patients: readonly PersonResource[]
  readonly findings: readonly PersonFinding[]
  readonly personRun?: PersonRun
}

/** The person key of a path; undefined where the text is none. */
export const parsePid = (text: string | undefined): number | undefined =>
  /^\d{1,9}$/.test(text ?? '') ? Number(text) : undefined

/** A person's data; undefined where there is no such person or the user may not see it: the two are not told apart. */
export async function readPersonData(
  { session, scope, site }: PageRequest,
  pid: number,
): Promise<PersonData | undefined> {
  const run = await readPublishedRun(session)
  const today = site.application.clock.now().toISOString().slice(0, 10)
  const header = await readPersonHeader(session, pid, run?.periodEnd ?? today, personFilter(scope.principal))
  if (header === undefined) return undefined
  const personRun = run === undefined ? undefined : await readPersonRun({ session }, run, pid)
  return {
    header,
    sourcePatients: await readPersonSourcePatients(session, pid),
    patients: await readPersonPatients(session, pid),
    findings: await readPersonFindings(session, pid),
    ...(personRun === undefined ? {} : { personRun }),
  }
}

async function readPersonRun(
  { session }: Pick<PageRequest, 'session'>,
  run: RunSummary,
  pid: number,
): Promise<PersonRun> {
  const results = await readPersonMeasureResults(session, run.runId, pid)
  const gaps = await readPersonGaps(session, run.runId, pid)
  const rids = new Set([
    ...results.flatMap((result) => result.evidence.map(({ rid }) => rid)),
    ...gaps.flatMap((gap) => gapEvidenceOf(gap).map(({ rid }) => rid)),
  ])
  const resources = await readResources(session, [...rids])
  return {
    run,
    results,
    gaps,
    measures: await readRunMeasures(session, run.runId),
    errors: await readPersonErrors(session, run.runId, pid),
    resources: new Map(resources.map((resource) => [resource.rid, resource])),
  }
}
