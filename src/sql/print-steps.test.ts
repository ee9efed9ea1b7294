import { expect, test } from 'vitest'
import type { CoreType } from '../core/index.ts'
import type { Plan, ProgramPlan } from '../plan/index.ts'
import { printProgram, printProgramInSteps } from './print-plan.ts'

const number: CoreType = { kind: 'system', name: 'Integer' }

/** A chain of so many relations, each over the one before. */
function chain(length: number): ProgramPlan {
  let root: Plan = { op: 'scan', table: 't', sources: {}, columns: [{ name: 'pid', type: number }] }
  for (let at = 0; at < length; at++) {
    const columns: Plan['columns'] = [...root.columns, { name: `n${at}`, type: number }]
    const value = { kind: 'column', name: 'pid', type: number } as const
    root = { op: 'project', input: root, exprs: { [`n${at}`]: value }, columns }
  }
  return { key: 'pid', root, defines: [], units: { own: [], stored: [] } }
}

test('a program is printed relation by relation, with a pause after each, and is the same as at once', () => {
  const program = chain(50)
  const steps = printProgramInSteps(program)
  let pauses = 0
  let step = steps.next()
  for (; step.done !== true; step = steps.next()) pauses += 1
  expect(step.value).toEqual(printProgram(program))
  expect(pauses).toBeGreaterThan(45)
})
