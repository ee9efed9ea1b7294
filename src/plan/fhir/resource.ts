import type { CoreType } from '../../core/index.ts'
import { markedFields, typedFields } from '../../fhir/index.ts'
import { isNotNull, pack } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { heldType } from '../algebra/held-type.ts'
import type { Column, Plan } from '../algebra/relation.ts'
import { ridPart } from '../algebra/resource-key.ts'
import type { Names } from '../algebra/scope.ts'
import { integerTypeOf, listOf, longTypeOf, textTypeOf } from '../algebra/types.ts'
import type { DataSource } from './data-source.ts'
import { fieldExpr } from './element.ts'

/** Resources of a type as a relation: a row for each, its elements as parallel columns. */
export interface ResourceTable {
  readonly type: string
  readonly plan: Plan
  readonly pid: string
  readonly rid: string
  readonly item: Expr
  /** Canonicals that `meta.profile` names. */
  readonly profiles: Expr
}

/** The rows of a typed table. All of its columns are named; those that nobody reads fall away when it is printed. */
export function resourceTable(type: string, data: DataSource, pid: string, names: Names): ResourceTable | undefined {
  const [all, table] = [typedFields(type), data.typedTable(type)]
  if (all === undefined || table === undefined) return undefined
  const fields = markedFields(all, { empty: data.factsOf(type)?.unfilled ?? new Set() })
  const values = data.factsOf(type)?.values
  const columns: Column[] = [{ name: pid, type: integerTypeOf, nonNull: true }]
  const sources: Record<string, string> = { [pid]: 'pid' }
  const read = (key: string, columnType: CoreType): Expr => {
    const name = names.next(key)
    const facts = values?.get(key)
    const column = { name, type: columnType, ...(facts === undefined ? {} : { facts }) }
    columns.push(column)
    sources[name] = key
    return { kind: 'column', ...column }
  }
  const rid = read('rid', longTypeOf)
  const parts = fields.map((one) => [one.name, fieldExpr(one, read)] as const)
  const id = read('id', heldType('id', { kind: 'text' }))
  const profiles = read('profile', listOf(textTypeOf))
  const fieldsOf = { [ridPart]: rid, id, ...Object.fromEntries(parts) }
  const item = { ...pack({ kind: 'class', model: 'FHIR', name: type }, fieldsOf), present: isNotNull(rid) } as Expr
  const plan: Plan = { op: 'scan', table, sources, columns }
  return { type, plan, pid, rid: rid.kind === 'column' ? rid.name : 'rid', item, profiles }
}
