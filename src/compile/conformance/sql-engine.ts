import { formatDiagnostic, messageOf, type Result } from '../../base/index.ts'
import { type Core, type CqlDateTime, compileDefines, parseDateTime } from '../../core/index.ts'
import { Database, type Session } from '../../duck/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { type ProgramPlan, planDefines } from '../../plan/index.ts'
import { printProgram } from '../../sql/index.ts'
import { decode } from '../sql/decode.ts'
import { runScript } from '../sql/run-script.ts'
import type { ConformanceEngine, EngineOutcome } from './run-conformance.ts'

/** When tests of Now and Today are run: they ask only that it stands still. */
const now = parseDateTime('2026-07-01T12:00:00.000Z', 0) as CqlDateTime

const connect = async () => (await Database.open({ path: ':memory:' })).connect()

/** Defines of one statement. */
const batchSize = 40

/** Core as one SQL statement on DuckDB. Constants are columns of a relation, so that nothing can fold them. */
export function sqlEngine(): ConformanceEngine {
  let session: Promise<Session> | undefined
  const connected = () => {
    session ??= connect()
    return session
  }
  return {
    name: 'sql',
    async run(closure, define) {
      return runDefine(compileDefines(closure, [define]), `${closure.main.identifier.id}.${define}`, await connected())
    },
    async runAll(closures, define) {
      const outcomes: EngineOutcome[] = []
      for (let from = 0; from < closures.length; from += batchSize) {
        const batch = closures.slice(from, from + batchSize)
        outcomes.push(...(await runBatch(batch, define, await connected())))
      }
      return outcomes
    },
  }
}

/** Many libraries' defines as one statement; where it fails as a whole, those that are left each as one. */
async function runBatch(
  closures: readonly LibraryClosure[],
  define: string,
  session: Session,
): Promise<readonly EngineOutcome[]> {
  const each = closures.map((closure) => ({
    name: `${closure.main.identifier.id}.${define}`,
    core: compileDefines(closure, [define]),
  }))
  const sure = each.flatMap(({ name, core }) =>
    core.ok && planOverConstants(core.value, [name]).ok ? [{ name, core: core.value }] : [],
  )
  const found = await runTogether(sure, session)
  const outcomes: EngineOutcome[] = []
  for (const { name, core } of each) outcomes.push(found.get(name) ?? (await runDefine(core, name, session)))
  return outcomes
}

async function runTogether(
  defines: readonly { readonly name: string; readonly core: Core }[],
  session: Session,
): Promise<ReadonlyMap<string, EngineOutcome>> {
  const [first] = defines
  if (first === undefined) return new Map()
  const cores = defines.map(({ core }) => core)
  const all: Core = {
    main: first.core.main,
    defines: new Map(cores.flatMap((core) => [...core.defines])),
    functions: new Map(cores.flatMap((core) => [...core.functions])),
    parameters: new Map(cores.flatMap((core) => [...core.parameters])),
  }
  const plan = planOverConstants(
    all,
    defines.map(({ name }) => name),
  )
  try {
    const found = plan.ok ? await outcomesOf(plan.value, session) : []
    return new Map(found.map(([name, outcome]) => [name, outcome]))
  } catch {
    return new Map()
  }
}

/** A plan of defines that read no data, with constants as columns of a relation, so that nothing folds them. */
export const planOverConstants = (core: Core, defines: readonly string[]) =>
  planDefines(core, defines, { now, opaqueConstants: true })

async function runDefine(core: Result<Core>, name: string, session: Session): Promise<EngineOutcome> {
  const plan = core.ok ? planOverConstants(core.value, [name]) : core
  if (!plan.ok) return { kind: 'error', message: plan.diagnostics.map(formatDiagnostic).join('; ') }
  try {
    const [found] = await outcomesOf(plan.value, session)
    return found?.[1] ?? { kind: 'value', value: null }
  } catch (thrown) {
    return { kind: 'error', message: messageOf(thrown) }
  }
}

async function outcomesOf(plan: ProgramPlan, session: Session): Promise<readonly (readonly [string, EngineOutcome])[]> {
  const [row] = await runScript<Record<string, unknown>>(session, printProgram(plan))
  return plan.defines.map((column) => {
    const failed = column.fault === undefined ? null : row?.[column.fault]
    if (typeof failed === 'string') return [column.define, { kind: 'error', message: `The logic failed: ${failed}.` }]
    return [column.define, { kind: 'value', value: decode(row?.[column.value], column.type) }]
  })
}
