import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, unwrap } from '../../../src/base/index.ts'
import {
  createSetProgram,
  dropSharedTables,
  makeSharedTables,
  planOverHeld,
  prepareSetPrograms,
  runSetProgram,
  type SetPerson,
  type SetProgram,
} from '../../../src/compile/index.ts'
import { createDirectEvaluator, type DirectDefineValue } from '../../../src/direct/index.ts'
import { cqlSource, type LibraryClosure, translate } from '../../../src/elm/index.ts'
import type { ProfileMatching } from '../../../src/fhir/index.ts'
import { readMergedPatients, streamPersonRecords } from '../../../src/identity/index.ts'
import { findIrregularPersons, openSlices, type Store, slicedTables } from '../../../src/store/index.ts'
import { type Expansion, pinValueSets } from '../../../src/terminology/index.ts'
import { firstLine, libraryOf, type RandomDefine, withProfiles } from './logic.ts'
import { systems } from './people.ts'

const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' } as const

const valueSet = (name: string, ...members: readonly (readonly [system: string, code: string])[]): Expansion => ({
  url: `http://example.org/vs/${name}`,
  sha256: '',
  members: members.map(([system, code]) => ({ system, code })),
})
const valueSets = pinValueSets([
  valueSet('some', [systems.a, '1'], [systems.a, '2'], [systems.b, '3']),
  valueSet('others', [systems.b, '3'], [systems.b, '4']),
  valueSet('none'),
])

const helpers = readFileSync(join(projectRoot, 'cql', 'FHIRHelpers.cql'), 'utf8')

export interface Difference {
  readonly define: string
  readonly pid: number
  readonly direct: string
  readonly sql: string
}

export interface BatchOutcome {
  readonly compared: number
  /** Defines that did not translate, and those that SQL refuses, with the reason. */
  readonly untranslated: readonly string[]
  readonly refused: readonly string[]
  /** Values that SQL gave itself, and those that were left to closures. */
  readonly bySql: number
  readonly byClosures: number
  readonly differences: readonly Difference[]
}

/**
 * Evaluates defines for everybody of a store on closures and on SQL, and compares what a run would store. With a way to
 * match profiles, every other retrieve asks for one.
 */
export async function compareBatch(
  store: Store,
  name: string,
  defines: readonly RandomDefine[],
  profiles?: ProfileMatching,
): Promise<BatchOutcome> {
  const { closure: plain, left, untranslated } = await translated(name, defines)
  const closure = profiles === undefined ? plain : withProfiles(plain, profiles)
  const { program, valued, refused } = await planned(store, closure, left)
  const { rows, irregular } = await bySqlOf(store, program)
  const together = await bySharingOf(store, closure, { defines: program.defines, valued })
  const direct = unwrap(createDirectEvaluator({ closure, defines: program.defines, valueSets, period }))
  const differences: Difference[] = []
  let [bySql, byClosures] = [0, 0]
  for await (const record of streamPersonRecords(store.session, { pids: [...rows.keys()] })) {
    const expected = direct.evaluate(record)
    for (const [index, define] of program.defines.entries()) {
      const found = rows.get(record.pid)?.define(index)
      if (irregular.has(record.pid) || found?.fault?.code === 'core/irregular') {
        byClosures += 1
        continue
      }
      bySql += 1
      const [a, b] = [expected.defines.get(define), found].map((one) => shown(one, valued.has(define)))
      const text = `${left[Number(define.slice(1))]?.text ?? define}${profiles === undefined ? '' : ` (${profiles})`}`
      if (a !== b) differences.push({ define: text, pid: record.pid, direct: a ?? '', sql: b ?? '' })
      for (const value of together(record.pid, define)) {
        // A table that is shared is made for all of its rows, also for some that the program alone leaves out before: whom columns
        // cannot represent there is left to closures.
        if (value?.fault?.code === 'core/irregular') continue
        const c = shown(value, valued.has(define))
        if (a !== c) differences.push({ define: `${text}, shared`, pid: record.pid, direct: a ?? '', sql: c })
      }
    }
  }
  return { compared: program.defines.length, untranslated, refused, bySql, byClosures, differences }
}

/** The letter, the resources and, of values, the value. Of several faults either engine may meet another one first. */
function shown(one: DirectDefineValue | undefined, valued: boolean): string {
  if (one === undefined) return 'nothing'
  if (one.fault !== undefined) return 'fault'
  return `${one.letter} ${one.rids.join()} ${valued ? JSON.stringify(one.value) : ''}`
}

interface Planned {
  readonly program: SetProgram
  readonly valued: ReadonlySet<string>
  readonly refused: readonly string[]
}

/** One script of the defines that SQL can say. */
async function planned({ session }: Store, closure: LibraryClosure, left: readonly RandomDefine[]): Promise<Planned> {
  const names = left.map((_, index) => `D${index}`)
  const valued = new Set(names.filter((_, index) => left[index]?.valued === true))
  const refused: string[] = []
  let wanted = names
  for (;;) {
    const { made } = await planOverHeld(
      session,
      (stored) =>
        createSetProgram({ closure, defines: wanted, valued }, { tables: slicedTables, stored, valueSets, period }),
      (one) => (one.ok ? one.value.reads : []),
    )
    if (made.ok) return { program: made.value, valued, refused }
    const why = new Map(made.diagnostics.map((one) => [one.place?.define, one.message]))
    const bad = new Set(wanted.filter((one) => why.has(one)))
    if (bad.size === 0) return { program: unwrap(made), valued, refused }
    for (const one of bad) refused.push(`${left[names.indexOf(one)]?.text}: ${why.get(one)}`)
    wanted = wanted.filter((one) => !bad.has(one))
  }
}

async function bySqlOf({ session }: Store, program: SetProgram) {
  const slices = await openSlices(session, readMergedPatients)
  await slices.cut({ fromPid: 0, toPid: 2 ** 31 - 1 })
  const irregular = await findIrregularPersons(session, program.reads)
  const rows = new Map<number, SetPerson>()
  for await (const persons of runSetProgram(session, program)) for (const one of persons) rows.set(one.pid, one)
  return { rows, irregular }
}

/** The same defines by two programs that have a third of them in common, and what they make once for both. */
async function bySharingOf(
  { session }: Store,
  closure: LibraryClosure,
  { defines, valued }: { readonly defines: readonly string[]; readonly valued: ReadonlySet<string> },
) {
  const third = Math.floor(defines.length / 3)
  const parts = [defines.slice(0, 2 * third), defines.slice(third)]
  const logics = parts.map((names) => ({
    closure,
    defines: names,
    valued: new Set(names.filter((one) => valued.has(one))),
  }))
  const { made } = await planOverHeld(
    session,
    (stored) => prepareSetPrograms(logics, { tables: slicedTables, stored, valueSets, period }),
    ({ programs }) => programs.flatMap((one) => (one.ok ? one.value.reads : [])),
  )
  for (const thrown of (await makeSharedTables(session, made.shared)).values()) throw thrown
  const rows = made.programs.map(() => new Map<number, SetPerson>())
  for (const [index, program] of made.programs.entries())
    for await (const persons of runSetProgram(session, unwrap(program)))
      for (const one of persons) rows[index]?.set(one.pid, one)
  await dropSharedTables(session, made.shared)
  return (pid: number, define: string): readonly (DirectDefineValue | undefined)[] =>
    parts.flatMap((names, index) =>
      names.includes(define) ? [rows[index]?.get(pid)?.define(names.indexOf(define))] : [],
    )
}

interface Translated {
  readonly closure: LibraryClosure
  readonly left: readonly RandomDefine[]
  readonly untranslated: readonly string[]
}

/** One library of the defines that translate. */
async function translated(name: string, defines: readonly RandomDefine[]): Promise<Translated> {
  let left = [...defines]
  const untranslated: string[] = []
  for (;;) {
    const made = await translate({ name, sources: [cqlSource(libraryOf(name, left)), cqlSource(helpers)] })
    if (made.ok) return { closure: made.value, left, untranslated }
    const wrong = new Map(
      made.diagnostics.map(({ message, place }) => [Math.floor(((place?.line ?? 0) - firstLine(name)) / 2), message]),
    )
    const bad = left.flatMap((one, index) => (wrong.has(index) ? [`${one.text}: ${wrong.get(index)}`] : []))
    if (bad.length === 0) return { closure: unwrap(made), left, untranslated }
    untranslated.push(...bad)
    left = left.filter((_, index) => !wrong.has(index))
  }
}
