export { directEngine } from './conformance/direct-engine.ts'
export { type CaseResult, runCase } from './conformance/run-case.ts'
export {
  type ConformanceEngine,
  type ConformanceReport,
  type ConformanceResult,
  type EngineOutcome,
  runConformance,
} from './conformance/run-conformance.ts'
export { sqlEngine } from './conformance/sql-engine.ts'
export { conformanceTable } from './conformance/table.ts'
