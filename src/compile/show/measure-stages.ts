import { type Result, success } from '../../base/index.ts'
import { compileDefines } from '../../core/index.ts'
import { printLetters } from '../../sql/index.ts'
import { planSet, type SetData, type SetLogic } from '../sql/set-program.ts'
import { coreText } from './core-text.ts'
import { planText } from './plan-text.ts'
import { commentedScript } from './sql-text.ts'

/** What the compiler makes of logic on its way to SQL, in the order of the making. */
export const compileStages = ['core', 'plan', 'sql'] as const
export type CompileStage = (typeof compileStages)[number]

/** Logic at one stage as text. Failure: those of `compileDefines`, and of `planDefines` where it is reached. */
export function showStage(stage: CompileStage, logic: SetLogic, data: SetData): Result<string> {
  const core = compileDefines(logic.closure, logic.defines)
  if (!core.ok) return core
  if (stage === 'core') return success(coreText(core.value))
  const plan = planSet(core.value, logic, data)
  if (!plan.ok) return plan
  if (stage === 'plan') return success(planText(plan.value))
  return success(commentedScript(printLetters(plan.value), plan.value.defines, logic.closure))
}
