import { formatDiagnostic, messageOf } from '../../base/index.ts'
import { type CqlDateTime, compileDefines, parseDateTime } from '../../core/index.ts'
import { Database, type Session } from '../../duck/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { planDefines } from '../../plan/index.ts'
import { printProgram } from '../../sql/index.ts'
import { decode } from '../sql/decode.ts'
import { runScript } from '../sql/run-script.ts'
import type { ConformanceEngine, EngineOutcome } from './run-conformance.ts'

/** When tests of Now and Today are run: they ask only that it stands still. */
const now = parseDateTime('2026-07-01T12:00:00.000Z', 0) as CqlDateTime

const connect = async () => (await Database.open({ path: ':memory:' })).connect()

/** Core as one SQL statement on DuckDB. Constants are columns of a relation, so that nothing can fold them. */
export function sqlEngine(): ConformanceEngine {
  let session: Promise<Session> | undefined
  return {
    name: 'sql',
    async run(closure, define) {
      session ??= connect()
      return runDefine(closure, define, await session)
    },
  }
}

/** The statement of a define, or why there is none. */
export function conformanceSql(closure: LibraryClosure, define: string) {
  const core = compileDefines(closure, [define])
  if (!core.ok) return core
  return planDefines(core.value, [`${closure.main.identifier.id}.${define}`], { now, opaqueConstants: true })
}

async function runDefine(closure: LibraryClosure, define: string, session: Session): Promise<EngineOutcome> {
  const plan = conformanceSql(closure, define)
  if (!plan.ok) return { kind: 'error', message: plan.diagnostics.map(formatDiagnostic).join('; ') }
  const [column] = plan.value.defines
  try {
    const [row] = await runScript<Record<string, unknown>>(session, printProgram(plan.value))
    const failed = column?.fault === undefined ? null : row?.[column.fault]
    if (typeof failed === 'string') return { kind: 'error', message: `The logic failed: ${failed}.` }
    return { kind: 'value', value: column === undefined ? null : decode(row?.[column.value], column.type) }
  } catch (thrown) {
    return { kind: 'error', message: messageOf(thrown) }
  }
}
