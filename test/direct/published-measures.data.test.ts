import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { formatDiagnostic, projectRoot, unwrap } from '../../src/base/index.ts'
import { type LoadedMeasures, loadMeasures } from '../../src/content/index.ts'
import { readModelInfo } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { evaluateRecord, evaluatorOf, type PersonEvaluation, type PersonEvaluator } from '../../src/measure/index.ts'
import { loadValueSets } from '../../src/terminology/index.ts'
import { recordOf } from '../content/measure-case.ts'
import ledger from './published-ledger.json' with { type: 'json' }

// Published measures over their published cases, by closures. The logic is not beside the test data: a folder
// with `measures/<id>/measure.json` and `cql/*.cql` is named by CAREGAP_PUBLISHED_LOGIC.

const data = process.env['CAREGAP_TEST_DATA'] ?? resolve(projectRoot, '../shared/data')
const logic = process.env['CAREGAP_PUBLISHED_LOGIC'] ?? ''
const present = logic !== '' && existsSync(join(logic, 'measures')) && existsSync(join(data, 'ecqm'))
if (!present) console.log('Skipped: CAREGAP_PUBLISHED_LOGIC names no folder of published measures.')

interface Expected {
  readonly measure: string
  readonly patientId: string
  readonly caseId: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly group: string
  readonly kind: string
  readonly code: string
  readonly id?: string
  readonly count?: number
  readonly value?: number
}

const linesOf = (...path: readonly string[]): readonly unknown[] =>
  gunzipSync(readFileSync(join(data, ...path)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

function peopleOf(folder: string): ReadonlyMap<string, readonly Resource[]> {
  const people = new Map<string, Resource[]>()
  const files = readdirSync(join(data, 'ecqm', 'cases', folder)).filter((file) => !file.startsWith('cases'))
  for (const resource of files
    .sort()
    .flatMap((file) => linesOf('ecqm', 'cases', folder, file) as readonly Resource[])) {
    const patientId = resource.id?.split('.')[0] ?? ''
    people.set(patientId, [...(people.get(patientId) ?? []), resource])
  }
  return people
}

interface Content {
  readonly loaded: LoadedMeasures
  readonly valueSets: ReturnType<typeof loadValueSets>['valueSets']
}

/** What differs from what is expected of a person, in words; strata are judged elsewhere. */
function differences(found: PersonEvaluation, lines: readonly Expected[]): string[] {
  if (found.error !== undefined) return [`error: ${found.error.message}`]
  const groupOf = (line: Expected) => found.groups.find(({ groupId }) => groupId === line.group)
  const populations = lines
    .filter(({ kind }) => kind === 'population')
    .flatMap((line) => {
      const counts: Readonly<Record<string, number>> = groupOf(line)?.populations ?? {}
      return counts[line.code] === line.count
        ? []
        : [`${line.group} ${line.code}: ${counts[line.code]}, not ${line.count}`]
    })
  const observed = lines.filter(({ kind }) => kind === 'observation')
  const groups = [...new Set(observed.map(({ group }) => group))]
  const observations = groups.flatMap((group) => {
    const expected = observed.filter((line) => line.group === group).map(({ value }) => value ?? 0)
    const values = Object.values(found.groups.find(({ groupId }) => groupId === group)?.observations ?? {}).flat()
    const [a, b] = [values, expected].map((numbers) => numbers.toSorted((x, y) => x - y).join(' '))
    return a === b ? [] : [`${group} observations: ${a}, not ${b}`]
  })
  return [...populations, ...observations]
}

describe.skipIf(!present)('published measures by closures', () => {
  const names = present
    ? readFileSync(join(data, 'ecqm', 'dev-measures.txt'), 'utf8')
        .trim()
        .split(/\s+/)
    : ['none']
  const doubtful = new Set(doubtfulCases())
  const reasons: Readonly<Record<string, string>> = ledger
  let content: Content
  let lines: readonly Expected[]

  beforeAll(async () => {
    const { valueSets } = loadValueSets([join(data, 'ecqm', 'valuesets.ndjson.gz')])
    const folder = join(data, 'modelinfo')
    const models = readdirSync(folder)
      .filter((file) => /^(qicore|uscore)/.test(file))
      .map((file) => readModelInfo(join(folder, file)))
    const loaded = await loadMeasures({
      folders: [join(logic, 'measures')],
      cqlFolders: [join(logic, 'cql')],
      valueSets,
      models,
    })
    content = { loaded, valueSets }
    lines = linesOf('ecqm', 'expected.ndjson.gz') as readonly Expected[]
  }, 600_000)

  test.each(names)(
    '%s',
    async (name) => {
      const measure = content.loaded.measures.find(({ id, resource }) => id === name || resource['name'] === name)
      const refused = content.loaded.refused.find(({ id }) => id === name)?.diagnostics.map(formatDiagnostic)
      expect(refused ?? []).toEqual([])
      if (measure === undefined) throw new RangeError(`${name} is installed`)
      const expected = byPatient(lines.filter((line) => line.measure === name))
      const people = peopleOf(name)
      const evaluators = new Map<string, PersonEvaluator>()
      const found: string[] = []
      for (const [patientId, ofPerson] of expected) {
        const [first] = ofPerson
        if (first === undefined || doubtful.has(`${name}/${first.caseId}`) || `${name}/${patientId}` in reasons)
          continue
        const period = { start: first.periodStart, end: first.periodEnd, timeZone: 'UTC' }
        const key = `${period.start} ${period.end}`
        const evaluator = evaluators.get(key) ?? unwrap(evaluatorOf(measure, content.valueSets, period, 'direct'))
        evaluators.set(key, evaluator)
        const evaluation = await evaluateRecord(measure, evaluator, recordOf(people.get(patientId) ?? []))
        found.push(...differences(evaluation, ofPerson).map((difference) => `${patientId}: ${difference}`))
      }
      expect(found).toEqual([])
      expect(expected.size).toBeGreaterThan(5)
    },
    600_000,
  )
})

function doubtfulCases(): readonly string[] {
  if (!present) return []
  const { cases } = JSON.parse(readFileSync(join(data, 'ecqm', 'doubtful-cases.json'), 'utf8')) as {
    readonly cases: readonly { readonly measure: string; readonly caseId: string }[]
  }
  return cases.map(({ measure, caseId }) => `${measure}/${caseId}`)
}

function byPatient(lines: readonly Expected[]): ReadonlyMap<string, readonly Expected[]> {
  const people = new Map<string, Expected[]>()
  for (const line of lines) people.set(line.patientId, [...(people.get(line.patientId) ?? []), line])
  return people
}
