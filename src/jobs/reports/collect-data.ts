import { contentHash, fault, unwrap } from '../../base/index.ts'
import type { Resource } from '../../fhir/index.ts'
import { readPersonRecord } from '../../identity/index.ts'
import { measureNeeds, neededEntries } from '../../measure/index.ts'
import { collectedData, type ReportContext } from '../../report/index.ts'
import type { Application } from '../application.ts'
import { measureKeyOf } from './individual-id.ts'
import { type MadeReport, reporterName } from './individual-reports.ts'
import type { MeasureAsked } from './report-run.ts'
import { findSubjects, type SubjectsAsked } from './subjects.ts'

/** So many persons' data are collected for one request: all of them are in one answer. */
const mostPersons = 200

/**
 * The data that measures read of the persons asked for: Parameters with a Bundle for each person and measure (DEQM,
 * `$collect-data`). Faults: those of `findSubjects`; `jobs/subject-needed` where nobody is named.
 */
export async function collectData(
  application: Application,
  asked: readonly MeasureAsked[],
  who: SubjectsAsked,
): Promise<MadeReport> {
  const subjects = await findSubjects(application.store.session, who)
  if (subjects.kind === 'everybody') {
    throw fault(
      'usage',
      'jobs/subject-needed',
      'Data are collected of a person, a Group or the people of a practitioner.',
      {
        place: { element: 'subject' },
      },
    )
  }
  const pids = subjects.kind === 'person' ? [subjects.pid] : subjects.pids
  if (pids.length > mostPersons) {
    throw fault('input', 'jobs/too-many-subjects', `Data are collected of at most ${mostPersons} persons at a time.`, {
      place: { element: 'subject' },
      remedy: 'Ask for fewer, Group by Group.',
    })
  }
  const bundles: Resource[] = []
  for (const pid of pids) bundles.push(...(await bundlesOf(application, asked, pid)))
  const parameter = bundles.map((resource) => ({ name: 'return', resource }))
  const report: Resource = { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) }
  return { report, pids }
}

async function bundlesOf(
  application: Application,
  asked: readonly MeasureAsked[],
  pid: number,
): Promise<readonly Resource[]> {
  const record = await readPersonRecord(application.store.session, pid)
  if (record === undefined) return []
  return asked.map(({ measure, period }) => {
    const { needs } = unwrap(measureNeeds(measure))
    const context: ReportContext = {
      measure,
      period,
      id: `data-${measureKeyOf(measure.id)}.${contentHash(period.start, period.end).slice(0, 8)}.${pid}`,
      date: application.clock.now().toISOString(),
      reporter: reporterName,
    }
    return collectedData(context, record, neededEntries(record, needs, application.valueSets))
  })
}
