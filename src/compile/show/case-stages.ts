import { type Result, success } from '../../base/index.ts'
import { compileDefines } from '../../core/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { printProgram, scriptText } from '../../sql/index.ts'
import { planOverConstants } from '../conformance/sql-engine.ts'
import { coreText } from './core-text.ts'

/** What the compiler makes of one define of a library that needs no data. */
export interface CaseStages {
  readonly core: string
  readonly sql: string
}

/** Core and SQL of a define as the suite's cases run it: constants are columns. Failure: what does not compile. */
export function showCase(closure: LibraryClosure, define: string): Result<CaseStages> {
  const core = compileDefines(closure, [define])
  if (!core.ok) return core
  const plan = planOverConstants(core.value, [`${closure.main.identifier.id}.${define}`])
  if (!plan.ok) return plan
  return success({ core: coreText(core.value), sql: scriptText(printProgram(plan.value)) })
}
