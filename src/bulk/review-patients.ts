import { join } from 'node:path'
import type { BulkServer } from '../base/index.ts'
import { isObject } from '../fhir/index.ts'
import type { Pull, PulledFile, PullFinding } from '../store/index.ts'
import { readPatientIds } from './patient-ids.ts'
import { valuesOf } from './server-report.ts'

/**
 * Patients in an export who are not of what was asked for: not among those who were named, or not members of the group
 * as the export itself tells it. Such an export is nearly always of another group. An export that does not tell its
 * group's members cannot be judged.
 */
export async function reviewStrangers(
  server: BulkServer,
  pull: Pull,
  files: readonly PulledFile[],
): Promise<PullFinding[]> {
  const expected = server.patients ?? (await membersOf(server, pull, files))
  if (expected === undefined) return []
  const known = new Set(expected)
  const strangers = (await readPatientIds(pull, files)).filter((id) => !known.has(id))
  if (strangers.length === 0) return []
  const of = server.patients === undefined ? `members of group ${server.group ?? ''}` : 'among those who were asked for'
  const message = `The export holds ${strangers.length} patients who are not ${of}: check the id of the group, and ask the operator of the server.`
  return [{ severity: 'error', code: 'bulk/other-patients', message }]
}

/** The ids of the group's members by the Group of the export; undefined where it is not there, or names none. */
async function membersOf(
  { level, group }: BulkServer,
  pull: Pull,
  files: readonly PulledFile[],
): Promise<readonly string[] | undefined> {
  if (level !== 'group') return undefined
  for (const { section, type, name } of files) {
    if (section !== 'output' || (type !== 'Group' && type !== null)) continue
    for await (const value of valuesOf(join(pull.folder, name))) {
      if (!isObject(value) || value['resourceType'] !== 'Group' || value['id'] !== group) continue
      const members = (Array.isArray(value['member']) ? (value['member'] as unknown[]) : []).flatMap(patientOf)
      return members.length === 0 ? undefined : members
    }
  }
  return undefined
}

/** Who has left is still a member of whom data may come. */
function patientOf(member: unknown): readonly string[] {
  const entity: unknown = isObject(member) ? (member as Record<string, unknown>)['entity'] : undefined
  const reference: unknown = isObject(entity) ? (entity as Record<string, unknown>)['reference'] : undefined
  return typeof reference === 'string' ? (/(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})/.exec(reference)?.slice(1) ?? []) : []
}
