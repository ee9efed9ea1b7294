import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig, silentProgress, unwrap } from '../../src/base/index.ts'
import { evaluateSet, type SetPerson } from '../../src/compile/sql/evaluate-set.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import {
  type DefineLetter,
  evaluateRecord,
  type MeasurementPeriod,
  measureDefines,
  type PersonEvaluation,
} from '../../src/measure/index.ts'
import { findPid, openStore, type Store } from '../../src/store/index.ts'
import type { ValueSets } from '../../src/terminology/index.ts'

/** People as files of a source `cases`, loaded into a store in memory. */
export async function storeOf(resources: readonly Resource[]): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-cases-'))
  const store = await openStore({ path: ':memory:' })
  try {
    const path = join(folder, 'cases')
    mkdirSync(path)
    for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
      const lines = resources.filter(({ resourceType }) => resourceType === type).map((line) => JSON.stringify(line))
      writeFileSync(join(path, `${type}.ndjson`), `${lines.join('\n')}\n`)
    }
    await loadData(store, { path, source: 'cases', config: defaultConfig, progress: silentProgress })
    return store
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A resource with ids of its own, so that cases with the same ids can lie in one store. */
export function withOwnIds(resource: Resource, prefix: string): Resource {
  const text = JSON.stringify(resource, (key, value: unknown) =>
    key === 'reference' && typeof value === 'string' ? value.replace('/', `/${prefix}`) : value,
  )
  const copy = JSON.parse(text) as Resource
  return { ...copy, id: `${prefix}${resource.id ?? 'none'}` }
}

/** What SQL says of patients of a store, by their ids, and how many of them columns cannot represent. */
export async function evaluateBySql(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
  store: Store,
  patientIds: readonly string[],
): Promise<{ readonly persons: ReadonlyMap<string, SetPerson>; readonly irregular: number }> {
  const { session } = store
  const pids = new Map<string, number>()
  for (const id of patientIds) {
    const pid = await findPid(session, 'cases', id)
    if (pid === undefined) throw new RangeError(`${id} was not loaded`)
    pids.set(id, pid)
  }
  const input = { session, valueSets, period, pids: [...pids.values()] }
  const { persons, irregular } = unwrap(await evaluateSet(measure.closure, measureDefines(measure), input))
  const found = [...pids].flatMap(([id, pid]) => {
    const person = persons.get(pid)
    return person === undefined ? [] : [[id, person] as const]
  })
  return { persons: new Map(found), irregular: irregular.length }
}

/** What the letters of a person's defines come to. */
export function evaluationOfSet(measure: InstalledMeasure, { pid, defines }: SetPerson): Promise<PersonEvaluation> {
  const values = [...defines].map(([name, { letter, rids, fault }]) => {
    const value = { letter: letter as DefineLetter, value: letter === 't', rids, members: () => rids }
    return [name, fault === undefined ? value : { ...value, fault }] as const
  })
  const evaluator = { evaluate: () => ({ pid, defines: new Map(values) }) }
  return evaluateRecord(measure, evaluator, { pid, patient: { resourceType: 'Patient' }, entries: [] })
}
