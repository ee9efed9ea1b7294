import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fault, type Progress, silentProgress } from '../base/index.ts'
import { isoDay } from './calendar.ts'
import { liveCourse } from './course/index.ts'
import { SourceExport } from './export/source-export.ts'
import { Truth } from './export/truth.ts'
import type { Fact } from './fact.ts'
import { createPerson, type Person } from './person.ts'
import { Random } from './random.ts'
import { takePen, writeRecord } from './records.ts'
import { writeRoster } from './roster.ts'
import { sources } from './sources.ts'
import { createPractice, practiceCount, writePractice, writeSystem } from './workforce.ts'

/** What to generate, and where to. */
export interface GenerateOptions {
  readonly patients: number
  readonly seed: number
  readonly out: string
  readonly progress?: Progress
  /** Compresses the NDJSON files with gzip. */
  readonly compressed?: boolean
}

/** What was written, for the last line of a command. */
export interface Generated {
  readonly persons: number
  readonly patients: number
  readonly resources: number
}

interface Run {
  readonly options: GenerateOptions
  readonly exports: readonly SourceExport[]
  readonly truth: Truth
  readonly patientsOf: number[]
  resources: number
}

/**
 * Writes a Bulk Data export of every source, the roster and the truth into `out`. The same seed and size give the
 * same bytes; a person's facts depend on the seed and on the person's place alone. Fault: `synth/size-invalid`.
 */
export async function generateExport(options: GenerateOptions): Promise<Generated> {
  checkSize(options)
  mkdirSync(options.out, { recursive: true })
  const run = open(options)
  writeWorkforce(run)
  const stage = (options.progress ?? silentProgress).stage('generate', options.patients, 'persons')
  for (let index = 0; index < options.patients; index++) {
    writePerson(run, index)
    if (index % 50 === 49) {
      await settle(run)
      stage.advance(50)
    }
  }
  writeRoster(join(options.out, 'roster.csv'), options.seed, practiceCount(options.patients))
  const generated = await close(run)
  stage.done(`${generated.resources.toLocaleString('en-US')} resources`)
  return generated
}

function checkSize({ patients, seed }: GenerateOptions): void {
  if (Number.isSafeInteger(patients) && patients > 0 && Number.isSafeInteger(seed)) return
  throw fault(
    'usage',
    'synth/size-invalid',
    'The number of patients must be a whole number above 0, the seed a whole number.',
    {
      remedy: 'Give for example --patients 1000 --seed 7.',
    },
  )
}

function open(options: GenerateOptions): Run {
  const compressed = options.compressed ?? false
  return {
    options,
    exports: sources.map((_, index) => new SourceExport(options.out, index, compressed)),
    truth: new Truth(options.out, compressed),
    patientsOf: sources.map(() => 0),
    resources: 0,
  }
}

async function settle(run: Run): Promise<void> {
  for (const one of run.exports) await one.settle()
  await run.truth.settle()
}

async function close(run: Run): Promise<Generated> {
  const counts: Record<string, Record<string, number>> = {}
  for (const [index, one] of run.exports.entries()) counts[sources[index]?.name ?? ''] = await one.close()
  const patients = run.patientsOf.reduce((sum, count) => sum + count, 0)
  const generated = { persons: run.options.patients, patients, resources: run.resources }
  await run.truth.close({ seed: run.options.seed, ...generated, counts })
  return generated
}

function writeWorkforce(run: Run): void {
  const { seed, patients } = run.options
  for (const [source, out] of run.exports.entries()) {
    const resources = writeSystem(source)
    for (let number = 0; number < practiceCount(patients); number++)
      resources.push(...writePractice(createPractice(seed, source, number)))
    for (const resource of resources) {
      out.write(String(resource.resourceType), JSON.stringify(resource))
      run.resources++
    }
  }
}

function writePerson(run: Run, index: number): void {
  const { seed } = run.options
  const person = createPerson(index, new Random(seed, index, 1))
  const life = liveCourse(person, new Random(seed, index, 2))
  const patients = person.homes.map((home) => writeHome(run, person, home, life.chart.facts, life.chart.died))
  run.truth.persons.write(
    JSON.stringify({
      person: person.key,
      birthDate: isoDay(person.birth),
      sex: person.sex,
      died: life.chart.died === undefined ? undefined : isoDay(life.chart.died),
      patients,
    }),
  )
}

function writeHome(run: Run, person: Person, home: number, facts: readonly Fact[], died: number | undefined) {
  const id = String(1001 + (run.patientsOf[home] ?? 0))
  run.patientsOf[home] = (run.patientsOf[home] ?? 0) + 1
  const pen = takePen(run.options.seed, person, home, id)
  const entry = {
    enterpriseId: person.enterpriseId,
    mrn: `${pen.source.name.slice(0, 2).toUpperCase()}${id}`,
    birth: person.birth,
    sex: person.sex,
    died,
    deathDateKnown: person.engagement > 0.2,
  }
  const own = facts.filter((fact) => fact.home === home)
  for (const written of writeRecord(pen, person, entry, own)) {
    run.exports[home]?.write(written.type, JSON.stringify(written.resource))
    run.resources++
  }
  return { source: pen.source.name, id }
}
