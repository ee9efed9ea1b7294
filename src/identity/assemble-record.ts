import { invariant } from '../base/index.ts'
import { isResource, type PersonRecord, type RecordEntry, type Resource } from '../fhir/index.ts'
import { compareKeys, type PersonText, type TextEntry } from '../store/index.ts'
import { mergePatients } from './merged-patient.ts'
import { parseQualified, type Qualifier, qualifiedCopy, qualifiedId, qualifiedText, qualifyId } from './qualify.ts'

/** A patient of a source who is this person, whether or not the source sent a Patient resource. */
export interface Member {
  readonly source: string
  readonly patientId: string
}

/** One resource as JSON text, before it is qualified. */
export type RawEntry = Omit<RecordEntry, 'resource'> & { readonly raw: string }

/** One resource that is parsed already, before it is qualified; `base` is that of the server that sent it. */
export type ParsedEntry = RecordEntry & { readonly base?: string }

type UnqualifiedEntry = RawEntry | ParsedEntry

/** What a record is made of. */
export interface RecordParts {
  readonly pid: number
  readonly members: readonly Member[]
  /** In rid order. */
  readonly rows: readonly UnqualifiedEntry[]
  /** Base URLs by source, each ending in a slash. */
  readonly bases: ReadonlyMap<string, string>
}

/** What a record is made of where its resources come as few texts. */
export interface TextParts extends Omit<RecordParts, 'rows'> {
  readonly texts: readonly PersonText[]
}

/**
 * One person's record. References to any member lead to the one merged Patient, which takes the place and
 * the id of the first member's Patient by rid; where no member has one, the record has a Patient of id alone,
 * without demographics and without an entry.
 */
export function assembleRecord({ pid, members, rows, bases }: RecordParts): PersonRecord {
  const isMember = namesOf(members)
  const isOwn = ownPatients(isMember)
  const id = patientIdOf(pid, rows.find(isOwn), members[0])
  const qualifiers = new Map<string, Qualifier>()
  const qualifierFor = (row: UnqualifiedEntry): Qualifier => {
    const base = ('base' in row ? row.base : undefined) ?? bases.get(row.source)
    const key = `${row.source} ${base ?? ''}`
    const qualifier = qualifiers.get(key) ?? qualifierOf(row.source, base, isMember, `Patient/${id}`)
    qualifiers.set(key, qualifier)
    return qualifier
  }
  const entries = rows.map((row) =>
    'raw' in row ? parseEntry(row, qualifierFor(row)) : copied(row, qualifierFor(row)),
  )
  return recordOf(pid, entries, entries.filter(isOwn), id)
}

/** The same of a person whose resources come as few texts. */
export function assembleTexts({ pid, members, texts, bases }: TextParts): PersonRecord {
  const isMember = namesOf(members)
  const isOwn = ownPatients(isMember)
  const patients = texts
    .flatMap(({ source, patients: text }) =>
      (JSON.parse(text) as readonly { rid: string; id: string }[]).map((one) => ({ ...one, source, type: 'Patient' })),
    )
    .filter(isOwn)
    .sort(byKey)
  const id = patientIdOf(pid, patients[0], members[0])
  const named = new Set<string>()
  const entries = texts
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
    .flatMap((text) =>
      textEntries(text, qualifierOf(text.source, bases.get(text.source), isMember, `Patient/${id}`), named),
    )
    .sort(byKey)
  return recordOf(pid, entries, entries.filter(isOwn), id)
}

const byKey = (one: { readonly rid: string }, other: { readonly rid: string }): number =>
  compareKeys(one.rid, other.rid)

/** The entries of a text; of what is of no patient those that are named by what was read before. */
function textEntries({ source, isOwn, text }: PersonText, qualifier: Qualifier, named: Set<string>): RecordEntry[] {
  const note = (type: string, id: string) => void named.add(`${source} ${type}/${id}`)
  const parsed = JSON.parse(qualifiedText(text, qualifier, isOwn ? note : undefined)) as readonly TextEntry[]
  const kept = isOwn
    ? parsed
    : parsed.filter(({ type, id }) => type !== 'Patient' && named.has(`${source} ${type}/${id}`))
  return kept.map(({ rid, type, id, resource }) => {
    qualifyId(resource, qualifier)
    invariant(isResource(resource), `the line of ${type}/${id} is a resource`)
    return { rid, source, type, id, resource }
  })
}

const namesOf = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.map(({ source, patientId }) => qualifiedId(source, patientId)))

/** Which entries are the person's own Patients. */
const ownPatients =
  (isMember: ReadonlySet<string>) =>
  (row: { readonly type: string; readonly source: string; readonly id: string }): boolean =>
    row.type === 'Patient' && isMember.has(qualifiedId(row.source, row.id))

function recordOf(pid: number, entries: readonly RecordEntry[], own: readonly RecordEntry[], id: string): PersonRecord {
  if (own.length === 1 && own[0] !== undefined) return { pid, patient: own[0].resource, entries }
  const patient: Resource = own.length === 0 ? { resourceType: 'Patient', id } : mergePatients(own, id)
  return { pid, patient, entries: withMerged(entries, own, patient) }
}

/** Lines were checked when they were loaded: one that is no resource is our fault. */
function parseEntry({ rid, source, type, id, raw }: RawEntry, qualifier: Qualifier): RecordEntry {
  const resource = parseQualified(raw, qualifier)
  invariant(isResource(resource), `the line of ${type}/${id} is a resource`)
  return { rid, source, type, id, resource }
}

function copied({ rid, source, type, id, resource }: ParsedEntry, qualifier: Qualifier): RecordEntry {
  return { rid, source, type, id, resource: qualifiedCopy(resource, qualifier) }
}

function patientIdOf(
  pid: number,
  first: { readonly source: string; readonly id: string } | undefined,
  member: Member | undefined,
): string {
  if (first !== undefined) return qualifiedId(first.source, first.id)
  invariant(member !== undefined, `person ${pid} has a source patient`)
  return qualifiedId(member.source, member.patientId)
}

/** The entries with the merged Patient in place of the first own one, the others left out. */
function withMerged(entries: readonly RecordEntry[], own: readonly RecordEntry[], patient: Resource): RecordEntry[] {
  const others = new Set(own.slice(1))
  return entries
    .filter((entry) => !others.has(entry))
    .map((entry) => (entry === own[0] ? { ...entry, resource: patient } : entry))
}

function qualifierOf(
  source: string,
  base: string | undefined,
  isMember: ReadonlySet<string>,
  patient: string,
): Qualifier {
  const rewrite = (type: string, id: string) => {
    const qualified = qualifiedId(source, id)
    return type === 'Patient' && isMember.has(qualified) ? patient : `${type}/${qualified}`
  }
  return base === undefined ? { source, rewrite } : { source, base, rewrite }
}
