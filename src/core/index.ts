export { type CompileOptions, compileDefines } from './compile-defines.ts'
export { boundBy, childrenOf, freeVariables, looksAt } from './free-variables.ts'
export { elementNamed } from './model-type.ts'
export type {
  Body,
  Core,
  CoreNode,
  FunctionBody,
  Origin,
  Parameter,
  RowsNode,
  Variable,
} from './node.ts'
export { overloadFor, runLifted } from './operator/apply.ts'
export { casesByChapter } from './operator/cases.ts'
export type { CallSite, Operator, Overload } from './operator/operator.ts'
export type { OperatorCase } from './operator/operator-case.ts'
export { operators } from './operator/registry.ts'
export { type CoreType, formatType, isAny, joinTypes } from './type.ts'
export { endOf, startOf } from './value/bounds.ts'
export { less } from './value/compare.ts'
export { Decimal, formatDecimal, parseDecimal } from './value/decimal.ts'
export { distinctValues } from './value/distinct.ts'
export type { CodeSet, Environment } from './value/environment.ts'
export { equal } from './value/equality.ts'
export { formatValue } from './value/format.ts'
export { greatestOf, leastOf } from './value/point.ts'
export { runFault } from './value/run-fault.ts'
export { sortOrder } from './value/sort-order.ts'
export { CqlDate, CqlDateTime, CqlTime, type Temporal } from './value/temporal.ts'
export { formatTemporal, parseDate, parseDateTime, parseTime } from './value/temporal-text.ts'
export {
  calendarUnit,
  combineUnits,
  convertUnit,
  isSameUnit,
  isUcumUnit,
  type UnitFactor,
  unitFactor,
} from './value/unit.ts'
export {
  Code,
  Concept,
  Instance,
  Interval,
  isList,
  kindOf,
  type PointType,
  Quantity,
  Ratio,
  Tuple,
  Uncertain,
  type Value,
  type ValueKind,
  Vocabulary,
} from './value/value.ts'
