import { formatType, type Value } from '../../core/index.ts'
import type { Expr } from './expr.ts'
import { partsOf } from './parts.ts'

/** Gives expressions that are built alike the same number, so that what was computed once is found again. */
export function createIdentity(): (expr: Expr) => number {
  const byExpr = new WeakMap<Expr, number>()
  const byKey = new Map<string, number>()
  const values = new Map<Value, number>()
  const valueId = (value: Value): string => {
    if (typeof value !== 'object' || value === null) return `${typeof value}:${String(value)}`
    const known = values.get(value) ?? values.size
    values.set(value, known)
    return `#${known}`
  }
  const identify = (expr: Expr): number => {
    const known = byExpr.get(expr)
    if (known !== undefined) return known
    const fault = expr.kind === 'column' && expr.fault !== undefined ? identify(expr.fault) : ''
    const key = `${ownKey(expr, valueId)}:${formatType(expr.type)}(${partsOf(expr).map(identify).join()})${fault}`
    const id = byKey.get(key) ?? byKey.size
    byKey.set(key, id)
    byExpr.set(expr, id)
    return id
  }
  return identify
}

/** What an expression is beside its parts; `valueId` tells values apart. */
export function ownKey(expr: Expr, valueId: (value: Value) => string): string {
  switch (expr.kind) {
    case 'column':
      return `column ${expr.name}`
    case 'const':
      return `const ${valueId(expr.value)}`
    case 'call':
      return `call ${expr.template}`
    case 'field':
      return `field ${expr.name}`
    case 'pack':
      return `pack ${Object.keys(expr.fields).join()} ${expr.present === undefined}`
    case 'case':
      return `case ${expr.branches.length} ${expr.otherwise === undefined}`
    case 'guard':
      return `guard ${expr.code} ${expr.lazy === true}`
    case 'array':
      return 'array'
  }
}
