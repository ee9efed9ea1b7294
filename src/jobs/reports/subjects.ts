import { type Diagnostic, fault } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { isObject } from '../../fhir/index.ts'
import { npiOf, parseLocalReference, tinOf } from '../../identity/index.ts'
import {
  findPid,
  findPids,
  findRawResource,
  readPidsOfPractice,
  readPidsOfProvider,
  readSourceBases,
} from '../../store/index.ts'

/** Whom a report is about. */
export type Subjects =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'person'; readonly pid: number }
  | {
      readonly kind: 'group'
      /** Ascending. */
      readonly pids: readonly number[]
      /** What a report about them must say: members who are not known here. */
      readonly remarks: readonly Diagnostic[]
    }

/** Who is asked for, as references: `Type/<source>/<id>`, or `Type/<source>.<id>` as reports write them. */
export interface SubjectsAsked {
  /** A Patient, a Group, or `Person/<key>`. */
  readonly subject?: string
  /** A Group that came with the request, and the source whose patients its members are where it does not say. */
  readonly subjectGroup?: unknown
  /** Only persons with most of their visits to them. */
  readonly practitioner?: string
  /** Only persons with visits there. */
  readonly organization?: string
  /** The same, as an Organization that came with the request. */
  readonly organizationResource?: unknown
}

/**
 * The persons that are asked for. Faults (input): `jobs/no-subject` for somebody or something that is not here,
 * `jobs/unusable-group` for a Group that names no members, `jobs/no-npi` and `jobs/no-tin` where nobody can be attributed.
 */
export async function findSubjects(session: Session, asked: SubjectsAsked): Promise<Subjects> {
  const named = await namedSubjects(session, asked)
  const limits = [
    ...(asked.practitioner === undefined ? [] : [await personsOfPractitioner(session, asked.practitioner)]),
    ...(asked.organization === undefined && asked.organizationResource === undefined
      ? []
      : [await personsOfOrganization(session, asked)]),
  ]
  if (limits.length === 0) return named
  const within = (pid: number) => limits.every((pids) => pids.has(pid))
  if (named.kind === 'person') {
    if (within(named.pid)) return named
    throw unknown('subject', 'The person is not attributed to that practitioner or organization.')
  }
  const [first = new Set<number>()] = limits
  const from = named.kind === 'group' ? named.pids : [...first]
  const remarks = named.kind === 'group' ? named.remarks : []
  return { kind: 'group', pids: from.filter(within).sort((a, b) => a - b), remarks }
}

async function namedSubjects(session: Session, { subject, subjectGroup }: SubjectsAsked): Promise<Subjects> {
  if (subjectGroup !== undefined) return membersOf(session, subjectGroup, undefined, 'subjectGroup')
  if (subject === undefined) return { kind: 'everybody' }
  if (subject.startsWith('Group/')) {
    const { source, resource } = await readNamed(session, subject, 'Group', 'subject')
    return membersOf(session, resource, source, 'subject')
  }
  const pid = await personNamed(session, subject)
  if (pid === undefined) {
    throw unknown(
      'subject',
      'There is no such person here.',
      'Name a patient as Patient/<source>/<id>, or a person as Person/<key>.',
    )
  }
  return { kind: 'person', pid }
}

async function personNamed(session: Session, subject: string): Promise<number | undefined> {
  if (subject.startsWith('Person/')) return Number(subject.slice('Person/'.length))
  const { source, id } = partsOf(subject)
  return findPid(session, source, id)
}

/** Source and id may be parted by a slash or, as in the reports, by a point: source names hold neither. */
function partsOf(reference: string): { readonly source: string; readonly id: string } {
  const [, source = '', id = ''] = /^[A-Za-z]+\/([a-z0-9][a-z0-9-]*)[/.](.+)$/.exec(reference) ?? []
  return { source, id }
}

async function readNamed(session: Session, reference: string, type: string, element: string) {
  const { source, id } = partsOf(reference)
  const raw = await findRawResource(session, source, type, id)
  const resource: unknown = raw === undefined ? undefined : JSON.parse(raw)
  if (isObject(resource)) return { source, resource }
  throw unknown(element, `There is no such ${type} here.`, `Name it as ${type}/<source>/<id>.`)
}

/** The persons whom a Group lists as members now. */
async function membersOf(
  session: Session,
  group: unknown,
  source: string | undefined,
  element: string,
): Promise<Subjects> {
  const members = isObject(group) && Array.isArray(group['member']) ? group['member'].filter(isObject) : []
  const listed = members.filter((member) => member['inactive'] !== true)
  if (!isObject(group) || group['actual'] === false || members.length === 0) {
    throw fault(
      'input',
      'jobs/unusable-group',
      'The Group lists no members: one that describes them is not evaluated.',
      {
        place: { element },
        remedy: 'Name a Group with actual = true and its members.',
      },
    )
  }
  const base = source === undefined ? undefined : (await readSourceBases(session)).get(source)
  const bySource = new Map<string, string[]>()
  const strangers = listed.filter((member) => {
    const named = memberNamed(member, source, base)
    if (named === undefined) return true
    bySource.set(named.source, [...(bySource.get(named.source) ?? []), named.id])
    return false
  })
  const pids = new Set<number>()
  let unknownMembers = strangers.length
  for (const [name, ids] of bySource) {
    const found = await findPids(session, name, ids)
    for (const pid of found.values()) pids.add(pid)
    unknownMembers += ids.filter((id) => !found.has(id)).length
  }
  return { kind: 'group', pids: [...pids].sort((a, b) => a - b), remarks: unknownRemark(unknownMembers) }
}

function memberNamed(
  member: Readonly<Record<string, unknown>>,
  source: string | undefined,
  base: string | undefined,
): { readonly source: string; readonly id: string } | undefined {
  const entity = member['entity']
  const reference = isObject(entity) && typeof entity['reference'] === 'string' ? entity['reference'] : ''
  if (source === undefined) {
    const named = reference.startsWith('Patient/') ? partsOf(reference) : { source: '', id: '' }
    return named.source === '' ? undefined : named
  }
  const local = parseLocalReference(reference, base)
  return local?.type === 'Patient' ? { source, id: local.id } : undefined
}

function unknownRemark(count: number): readonly Diagnostic[] {
  if (count === 0) return []
  const message = `${count} members of the Group are no patients known here; nothing is said of them.`
  return [{ code: 'jobs/unknown-members', severity: 'warning', message }]
}

async function personsOfPractitioner(session: Session, reference: string): Promise<ReadonlySet<number>> {
  const { resource } = await readNamed(session, reference, 'Practitioner', 'practitioner')
  const npi = npiOf(resource['identifier'])
  if (npi !== undefined) return new Set(await readPidsOfProvider(session, npi))
  throw fault('input', 'jobs/no-npi', 'The practitioner has no NPI, by which people are attributed.', {
    place: { element: 'practitioner' },
  })
}

/** The organization that is asked for, as its source wrote it, or as it came with the request; undefined where none is. */
export async function organizationNamed(
  session: Session,
  { organization, organizationResource }: SubjectsAsked,
): Promise<{ readonly source?: string; readonly resource: Readonly<Record<string, unknown>> } | undefined> {
  if (isObject(organizationResource)) return { resource: organizationResource }
  return organization === undefined ? undefined : readNamed(session, organization, 'Organization', 'organization')
}

async function personsOfOrganization(session: Session, asked: SubjectsAsked): Promise<ReadonlySet<number>> {
  const element = asked.organization === undefined ? 'organizationResource' : 'organization'
  const named = await organizationNamed(session, asked)
  const tin = tinOf(named?.resource['identifier'])
  if (tin !== undefined) return new Set(await readPidsOfPractice(session, tin))
  throw fault('input', 'jobs/no-tin', 'The organization has no TIN, by which visits are attributed to practices.', {
    place: { element },
  })
}

function unknown(element: string, message: string, remedy?: string) {
  return fault('input', 'jobs/no-subject', message, { place: { element }, ...(remedy === undefined ? {} : { remedy }) })
}
