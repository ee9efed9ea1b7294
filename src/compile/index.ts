export { directEngine } from './conformance/direct-engine.ts'
export { interpreterEngine } from './conformance/interpreter-engine.ts'
export { type CaseResult, runCases, type TranslatedCase, translateCases } from './conformance/run-case.ts'
export {
  type ConformanceEngine,
  type ConformanceReport,
  type ConformanceResult,
  compareEngines,
  type EngineOutcome,
  runConformance,
} from './conformance/run-conformance.ts'
export { sqlEngine } from './conformance/sql-engine.ts'
export { conformanceTable } from './conformance/table.ts'
export { type CaseStages, showCase } from './show/case-stages.ts'
export { coreText } from './show/core-text.ts'
export { type CompileStage, compileStages, showStage } from './show/measure-stages.ts'
export { type OverHeld, planOverHeld } from './sql/held-elements.ts'
export { dropSetKinds, makeSetKinds, readSetValues, type SetKind, streamOwn } from './sql/set-kinds.ts'
export {
  createSetProgram,
  prepareSetPrograms,
  type SetData,
  type SetLogic,
  type SetProgram,
  type SharedTable,
} from './sql/set-program.ts'
export { runSetProgram, type SetPerson, type SetValues } from './sql/set-rows.ts'
export { dropSharedTables, makeSharedTables } from './sql/shared-tables.ts'
