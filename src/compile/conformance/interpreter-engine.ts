import { formatDiagnostic } from '../../base/index.ts'
import { createInterpreter } from '../../interpret/index.ts'
import { loadValueSets } from '../../terminology/index.ts'
import { valueOf } from './interpreter-value.ts'
import type { ConformanceEngine } from './run-conformance.ts'

/** Its Now is the end of the period. */
const period = { start: '2026-01-01', end: '2026-07-01', timeZone: 'UTC' }
const nobody = { pid: 0, patient: { resourceType: 'Patient', id: 'nobody' }, entries: [] }

/** cql-execution, the independent check, over a person who has nothing. What its guard refuses is an error. */
export const interpreterEngine: ConformanceEngine = {
  name: 'interpreter',
  async run(closure, define) {
    const { valueSets } = loadValueSets([])
    const made = createInterpreter({ closure, defines: [define], valueSets, period })
    if (!made.ok) return { kind: 'error', message: made.diagnostics.map(formatDiagnostic).join('; ') }
    const found = (await made.value.evaluate(nobody)).defines.get(define)
    return found === undefined || found.fault !== undefined
      ? { kind: 'error', message: found?.fault === undefined ? 'There is no value.' : formatDiagnostic(found.fault) }
      : { kind: 'value', value: valueOf(found.value) }
  },
}
