export { decidingOperands, neverNull } from './algebra/build.ts'
export type { Expr } from './algebra/expr.ts'
export { ownKey } from './algebra/expr-identity.ts'
export { heldBy } from './algebra/held-type.ts'
export { irregularCode, isIrregular, reasonOf } from './algebra/irregular.ts'
export { isResourceChoice } from './algebra/model-type.ts'
export { partsOf } from './algebra/parts.ts'
export type { AggregateName, Column, OrderKey, Plan } from './algebra/relation.ts'
export { ridPart } from './algebra/resource-key.ts'
export type { TemplateName } from './algebra/template-name.ts'
export type { DataSource } from './fhir/data-source.ts'
export { signElements } from './fhir/profile.ts'
export { choiceField, choiceTag } from './formula/convert.ts'
export {
  type DefineColumn,
  type PlanInput,
  type ProgramPlan,
  type ProgramUnits,
  planDefineByDefine,
  planDefines,
} from './program.ts'
export { supportedOverloads } from './supported-overloads.ts'
