import { type Day, isoDay } from './calendar.ts'
import type { ExportFolder } from './export/folder.ts'
import type { Fact } from './fact.ts'
import type { Assigned } from './focus/index.ts'
import { bearsPlaceholder, placeholderId } from './mess/strays.ts'
import type { Person } from './person.ts'
import { takePen, type Written, writeRecord } from './records.ts'
import type { PatientEntry } from './shapes/patient.ts'
import { sourceAt } from './sources.ts'
import { trueFact } from './truth-lines.ts'

/** A person with what the records hold about them. */
export interface Recorded {
  readonly person: Person
  readonly facts: readonly Fact[]
  readonly died: Day | undefined
  readonly assigned: Assigned | undefined
  /** Set for a person whose identifier is somebody else's. */
  readonly strayKind: 'conflicting-birth-date' | 'conflicting-sex' | undefined
}

/** Writes a person's records in all their sources, and the truth about them. */
export function writePerson(folder: ExportFolder, recorded: Recorded): void {
  const { person, died, assigned, strayKind } = recorded
  const truth: unknown[] = []
  const patients = person.homes.map((home) => writeHome(folder, recorded, home, truth))
  folder.truth.persons.write(
    JSON.stringify({
      person: person.key,
      panel: strayKind !== undefined ? 'stray' : assigned === undefined ? 'community' : 'registry',
      focus: assigned?.focus.name,
      birthDate: isoDay(person.birth),
      sex: person.sex,
      died: died === undefined ? undefined : isoDay(died),
      linkable: bearsInsteadOfOwn(recorded) || strayKind !== undefined ? false : undefined,
      patients,
    }),
  )
  folder.truth.facts.write(JSON.stringify({ person: person.key, facts: truth }))
}

function writeHome(
  folder: ExportFolder,
  recorded: Recorded,
  home: number,
  truth: unknown[],
): { source: string; id: string } {
  const { person } = recorded
  const id = folder.nextPatientId(home)
  const pen = takePen(person, home, id)
  const source = sourceAt(home).name
  notePatient(folder, recorded, source, id)
  const own = recorded.facts.filter((fact) => fact.home === home)
  for (const written of writeRecord(pen, person, entryOf(recorded, source, id), own)) {
    writeOne(folder, home, written, person.key)
    const fact = written.fact === undefined ? undefined : trueFact(source, written.type, written.fact)
    if (fact !== undefined) truth.push(fact)
  }
  return { source, id }
}

const bearsInsteadOfOwn = ({ person, strayKind }: Recorded): boolean =>
  strayKind === undefined && bearsPlaceholder(person)

function entryOf(recorded: Recorded, source: string, id: string): PatientEntry {
  const { person, died } = recorded
  return {
    enterpriseId: bearsInsteadOfOwn(recorded) ? placeholderId : person.enterpriseId,
    mrn: `${source.slice(0, 2).toUpperCase()}${id}`,
    birth: person.birth,
    sex: person.sex,
    died,
    deathDateKnown: person.engagement > 0.2,
  }
}

function notePatient(folder: ExportFolder, recorded: Recorded, source: string, id: string): void {
  const about = { source, resource: `Patient/${id}`, person: recorded.person.key }
  if (recorded.died !== undefined) folder.note({ kind: 'deceased', ...about })
  if (recorded.strayKind !== undefined) folder.note({ kind: recorded.strayKind, ...about })
  if (bearsInsteadOfOwn(recorded)) folder.note({ kind: 'shared-identifier', ...about })
}

function writeOne(folder: ExportFolder, home: number, { type, resource, fact }: Written, person: string): void {
  const line = JSON.stringify(resource)
  folder.write(home, type, line)
  if (fact?.mess === undefined) return
  const source = sourceAt(home).name
  for (const kind of fact.mess) {
    folder.note({ kind, source, resource: `${type}/${fact.id}`, person })
    if (kind === 'repeated-line') folder.write(home, type, line)
  }
}
