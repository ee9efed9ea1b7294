import { formatDiagnostic } from '../../base/index.ts'
import { compileDefines } from '../../core/index.ts'
import { createDirect, timestampOf } from '../../direct/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import type { ConformanceEngine, EngineOutcome } from './run-conformance.ts'

/** When tests of Now and Today are run: they ask only that it stands still. */
const testTimestamp = '2026-07-01T12:00:00.000Z'

/** Core as closures, without a person: constants are not folded, so the engine is tested and not a folder. */
export const directEngine: ConformanceEngine = {
  name: 'direct',
  run: (closure, define) => Promise.resolve(runDefine(closure, define)),
}

function runDefine(closure: LibraryClosure, define: string): EngineOutcome {
  const core = compileDefines(closure, [define])
  if (!core.ok) return { kind: 'error', message: core.diagnostics.map(formatDiagnostic).join('; ') }
  const name = `${closure.main.identifier.id}.${define}`
  const outcome = createDirect(core.value)
    .evaluate({ now: timestampOf(testTimestamp) })
    .define(name)
  return outcome.ok
    ? { kind: 'value', value: outcome.value }
    : { kind: 'error', message: formatDiagnostic(outcome.error) }
}
