import type { InstalledMeasure } from '../../content/index.ts'
import type { ExplainedDefine } from '../../direct/index.ts'
import type { PersonRecord, RecordEntry } from '../../fhir/index.ts'
import type { ExplainedRecord, MeasurementPeriod } from '../../measure/index.ts'
import { readFact } from '../fact.ts'
import { logicOf } from '../logic.ts'
import { clausesOf } from './clause.ts'
import { clauseTexts } from './clause-text.ts'
import type { DefineExplanation, ExplainedResource, Explanation } from './schema.ts'
import { faultOf, letterOf, type Telling, valueText } from './telling.ts'

/** A resource as it was read, with the version and the line that it is. */
export interface ReadVersion {
  readonly rid: string
  readonly source: string
  readonly type: string
  readonly id: string
  readonly versionId: string | null
  readonly lastUpdated: string | null
  readonly hash: string
  readonly file: string
  readonly line: number
  readonly since?: 'changed' | 'deleted'
}

/** What an explanation is made of. */
export interface ExplanationParts {
  readonly run: Omit<Explanation['run'], 'period'> & { readonly period: MeasurementPeriod }
  readonly measure: InstalledMeasure
  readonly record: PersonRecord
  readonly patients: Explanation['patients']
  /** Every resource of the record, the Patients that are one with the record's own among them. */
  readonly versions: readonly ReadVersion[]
  /** Resources of the person that came after the run. */
  readonly added: number
  readonly explained: ExplainedRecord
  /** The stored letters, one per define of `measureDefines`; absent where the run stored none. */
  readonly stored: string | undefined
}

/** An explanation of a person's result, every define of it clause by clause. */
export function explanationOf(parts: ExplanationParts): Explanation {
  const { measure, record, versions, explained } = parts
  const named = new Set<string>()
  const counts = new Map<string, number>()
  for (const { type } of record.entries) counts.set(type, (counts.get(type) ?? 0) + 1)
  const texts = clauseTexts(measure)
  const stored = new Map(logicOf(measure).defines.map((name, index) => [name, parts.stored?.[index]]))
  const defines = [...explained.explained.defines.values()].map((define) => {
    const told = new Set<string>()
    const telling: Telling = { explained: explained.explained, texts, countsByType: counts, told, named }
    const isMain = define.library === explained.explained.main
    return defineOf(define, telling, isMain ? stored.get(define.name) : undefined)
  })
  const changed = versions.filter(({ since }) => since === 'changed').length
  return {
    run: parts.run,
    measure: {
      id: measure.id,
      url: measure.url,
      version: measure.version,
      title: measure.title,
      contentHash: measure.contentHash,
    },
    person: record.pid,
    patients: parts.patients,
    groups: measure.groups.map((group) => {
      const found = explained.evaluation.groups.find(({ groupId }) => groupId === group.id)
      const populations = group.populations.map(({ code, define }) => ({
        code,
        define,
        members: found?.populations[code] ?? null,
      }))
      return { id: group.id, populations }
    }),
    defines,
    resources: describeAll(record, versions, named),
    since: { changed, deleted: versions.length - changed - versions.filter(isAsItWas).length, added: parts.added },
  }
}

const isAsItWas = ({ since }: ReadVersion): boolean => since === undefined

function defineOf(define: ExplainedDefine, telling: Telling, stored: string | undefined): DefineExplanation {
  const { library, name, run, value, cited, without } = define
  for (const key of cited) telling.named.add(key)
  const fault = value.fault ?? faultOf(run.fault)
  return {
    library,
    name,
    range: telling.texts.rangeOf(library, name),
    letter: value.letter,
    value: value.letter === letterOf(run) ? valueText(run) : null,
    ...(fault === undefined ? {} : { fault: { code: fault.code, message: fault.message } }),
    stored: (stored as DefineExplanation['letter'] | undefined) ?? null,
    resources: [...cited],
    without:
      without === undefined
        ? null
        : {
            letter: without.value.letter,
            value: valueText({ value: without.cql ?? null, fault: undefined }),
            stands: !without.changes,
          },
    clauses: [...clausesOf(run, telling)],
  }
}

function describeAll(
  record: PersonRecord,
  versions: readonly ReadVersion[],
  named: ReadonlySet<string>,
): ExplainedResource[] {
  const byRid = new Map(versions.map((version) => [version.rid, version]))
  const entries = new Set(record.entries.map(({ rid }) => rid))
  const merged = versions.filter(({ rid, type }) => type === 'Patient' && !entries.has(rid))
  return record.entries
    .filter(({ rid }) => named.has(rid))
    .flatMap((entry) => {
      const version = byRid.get(entry.rid)
      return version === undefined ? [] : [describe(entry, version, entry.resource === record.patient ? merged : [])]
    })
}

function describe(entry: RecordEntry, version: ReadVersion, merged: readonly ReadVersion[]): ExplainedResource {
  const { rid: key, source, type, id, hash, file, line, lastUpdated } = version
  const { shown } = readFact(entry, '')
  return {
    key,
    source,
    type,
    id,
    version: version.versionId,
    lastUpdated,
    hash,
    file,
    line,
    what: shown.what,
    date: shown.when ?? null,
    value: shown.value ?? null,
    since: version.since ?? null,
    ...(merged.length === 0
      ? {}
      : { mergedWith: merged.map((one) => ({ source: one.source, id: one.id, version: one.versionId })) }),
  }
}
