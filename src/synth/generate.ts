import { join } from 'node:path'
import { CaregapError, fault, messageOf, type Progress, silentProgress } from '../base/index.ts'
import { liveCourse } from './course/index.ts'
import { ExportFolder } from './export/folder.ts'
import { type Assigned, focusOf } from './focus/index.ts'
import { type FaultyLine, writeFaultyLines } from './mess/faulty-lines.ts'
import { soilFacts } from './mess/index.ts'
import { bearsPlaceholder, type Stray, strayOf } from './mess/strays.ts'
import { createPerson, type Person } from './person.ts'
import { Random } from './random.ts'
import { writeRoster } from './roster.ts'
import { sources } from './sources.ts'
import { createPractice, practiceCount, writePractice, writeSystem } from './workforce.ts'
import { type Recorded, writePerson } from './write-person.ts'

/** What to generate, and where to. */
export interface GenerateOptions {
  readonly patients: number
  readonly seed: number
  readonly out: string
  readonly progress?: Progress
  /** Compresses the NDJSON files with gzip. */
  readonly compressed?: boolean
  /** Share of people who have a rare course that measures ask about, 0 (the default) to 1: see docs/synthetic-data.md. */
  readonly registryShare?: number
  /** Lines that no reader can take, appended to the first source's Observation file. None by default. */
  readonly faults?: readonly FaultyLine[]
}

/** What was written, for the last line of a command. `patients` are those of the sources, `persons` the people. */
interface Generated {
  readonly persons: number
  readonly patients: number
  readonly resources: number
}

/**
 * Writes a Bulk Data export of every source, the roster and the truth into `out`. The same options give the same
 * bytes; a person's facts depend on the seed, the share and the person's place alone. Faults: `synth/option-invalid`,
 * `synth/write-failed` (a folder that cannot be written, a full disk).
 */
export async function generateExport(options: GenerateOptions): Promise<Generated> {
  checkOptions(options)
  try {
    return await writeExport(options)
  } catch (thrown) {
    if (thrown instanceof CaregapError) throw thrown
    throw fault('system', 'synth/write-failed', `The export cannot be written: ${messageOf(thrown)}.`, {
      place: { file: options.out },
      remedy: 'Give a folder with room that may be written to, and generate again: what is there is not complete.',
    })
  }
}

async function writeExport(options: GenerateOptions): Promise<Generated> {
  const { patients: persons, seed, registryShare = 0 } = options
  const folder = new ExportFolder(options.out, options.compressed ?? false)
  writeWorkforce(folder, seed, practiceCount(persons))
  const stage = (options.progress ?? silentProgress).stage('generate', persons, 'persons')
  for (let first = 0; first < persons; first += batch) {
    const next = Math.min(first + batch, persons)
    for (let index = first; index < next; index++)
      for (const recorded of recordPerson(seed, index, registryShare)) writePerson(folder, recorded)
    await folder.settle()
    stage.advance(next - first)
  }
  writeRoster(join(options.out, 'roster.csv'), seed, practiceCount(persons))
  writeFaultyLines(folder, options.faults ?? [])
  const patients = await folder.close({ seed, persons, registryShare, profilesWritten: false })
  stage.done(`${folder.resources.toLocaleString('en-US')} resources`)
  return { persons, patients, resources: folder.resources }
}

/** Persons between two looks at whether the disk keeps up. */
const batch = 50

function checkOptions({ patients, seed, registryShare = 0 }: GenerateOptions): void {
  const sane = registryShare >= 0 && registryShare <= 1
  if (Number.isSafeInteger(patients) && patients > 0 && Number.isSafeInteger(seed) && sane) return
  throw fault(
    'usage',
    'synth/option-invalid',
    'The number of patients must be a whole number above 0, the seed a whole number, the registry share 0 to 1.',
    { remedy: 'Give for example --patients 1000 --seed 7.' },
  )
}

/** What the records come to hold of the person at an index, and of a stranger filed under the same identifier. */
export function recordPerson(seed: number, index: number, registryShare: number): Recorded[] {
  const assigned = focusOf(index, registryShare)
  const person = createPerson(index, new Random(seed, index, 1), assigned?.focus.bounds)
  const stray = bearsPlaceholder(person) ? undefined : strayOf(person, new Random(seed, index, 4))
  const own = record(seed, person, assigned, undefined)
  return stray === undefined ? [own] : [own, record(seed, stray.person, undefined, stray)]
}

function record(seed: number, person: Person, assigned: Assigned | undefined, stray: Stray | undefined): Recorded {
  const strand = stray === undefined ? 0 : 10
  const life = liveCourse(person, new Random(seed, person.index, 2 + strand), assigned)
  const facts = soilFacts(person, life.chart.facts, new Random(seed, person.index, 3 + strand))
  return { person, facts, died: life.chart.died, assigned, strayKind: stray?.kind }
}

function writeWorkforce(folder: ExportFolder, seed: number, practices: number): void {
  for (const home of sources.keys()) {
    const resources = writeSystem(home)
    for (let number = 0; number < practices; number++)
      resources.push(...writePractice(createPractice(seed, home, number)))
    for (const resource of resources) folder.write(home, String(resource.resourceType), JSON.stringify(resource))
  }
}
