import type { CoreNode, Value } from '../../core/index.ts'
import { type Field, typedFields } from '../../fhir/index.ts'
import { constant, either, field, integer, test } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { heldType } from '../algebra/held-type.ts'
import type { Plan } from '../algebra/relation.ts'
import { Scope } from '../algebra/scope.ts'
import { integerTypeOf, listOf, longTypeOf } from '../algebra/types.ts'
import { type ResourceTable, resourceTable } from '../fhir/resource.ts'
import { choiceField } from '../formula/convert.ts'
import type { DataSource, Lowering } from './context.ts'
import { keyColumn } from './list.ts'
import { Frame, type Lowered, scalar } from './lowered.ts'

type RetrieveNode = Extract<CoreNode, { kind: 'retrieve' }>

const baseProfiles = 'http://hl7.org/fhir/StructureDefinition/'
/** Types of no patient: which of them belong to a person's record, only the references in it say. */
const patientless = new Set(['Medication', 'Location', 'Organization', 'Practitioner', 'PractitionerRole', 'Substance'])

/** The persons' resources of a type, in order of rid; narrowed by the concepts that meet the wanted codes. */
export function lowerRetrieve(node: RetrieveNode, _frame: Frame, _at: Scope, lowering: Lowering): Lowered {
  const { base, data, names } = lowering.program
  const type = node.dataType.slice('FHIR.'.length)
  if (data === undefined) throw lowering.refuse(node, 'A retrieve where there are no data')
  if (node.templateId?.startsWith(baseProfiles) === false) throw lowering.refuse(node, `The profile ${node.templateId}`)
  const name = data.typedTable(type)
  const none = scalar(base, { kind: 'array', type: node.type, items: [] })
  if (name === undefined) return none
  if (patientless.has(type)) throw lowering.refuse(node, `A retrieve of ${type}, which belongs to no patient,`)
  const [key = 'pid'] = base.keys
  const table = resourceTable(type, name, key, names)
  if (table === undefined) throw lowering.refuse(node, `A retrieve of ${type}, which has no columns,`)
  const plan = type === 'Patient' ? firstOfPerson(table, lowering) : table.plan
  const scope = new Scope(names, plan, [key, table.rid], base)
  const kept = node.codes === undefined ? scope : scope.filtered(codeCondition(node, table, scope, data, lowering))
  return { kind: 'rows', scope: base, rows: kept, order: [table.rid], item: table.item }
}

/** One Patient stands for a person: the first by rid. People whose Patients differ are set aside before. */
function firstOfPerson(table: ResourceTable, { program: { names } }: Lowering): Plan {
  const number = names.next('n')
  const input = table.plan
  const numbered: Plan = {
    op: 'window',
    input,
    number,
    partition: [keyColumn(table.pid)],
    order: [{ value: keyColumn(table.rid), descending: false }],
    columns: [...input.columns, { name: number, type: integerTypeOf, nonNull: true }],
  }
  return {
    op: 'filter',
    input: numbered,
    condition: test('equals', keyColumn(number), integer(1)),
    columns: numbered.columns,
  }
}

function codeCondition(
  node: RetrieveNode,
  table: ResourceTable,
  scope: Scope,
  data: DataSource,
  lowering: Lowering,
): Expr {
  const wanted =
    node.codes === undefined
      ? undefined
      : constantOf(lowering.lower(node.codes.value, new Frame(), lowering.program.base))
  const cids = wanted === undefined ? undefined : data.cidsOf(wanted, node.codes?.comparator ?? 'in')
  if (cids === undefined) throw lowering.refuse(node, 'A retrieve by codes that are not at hand')
  const path = node.codes?.path ?? ''
  const found = typedFields(node.dataType.slice('FHIR.'.length))?.find((one) => one.name === path)
  const element = table.item.kind === 'pack' ? table.item.fields[path] : undefined
  if (found === undefined || element === undefined) throw lowering.refuse(node, `A retrieve by the element ${path}`)
  return coded(found, element, cids, scope, data, node, lowering)
}

function coded(
  found: Field,
  element: Expr,
  cids: readonly number[],
  scope: Scope,
  data: DataSource,
  node: RetrieveNode,
  lowering: Lowering,
): Expr {
  const list = constant(cids, listOf(integerTypeOf))
  if (found.choice) return choiceCoded(element, list, scope, data)
  const kind = found.options[0]?.shape.kind
  if (kind !== 'concept' && kind !== 'coding') throw lowering.refuse(node, `A retrieve by the element ${found.name}`)
  return found.repeats ? test('anyInList', element, list) : test('inList', element, list)
}

/** A drug is named by its code, or by reference to a Medication that has it. */
function choiceCoded(element: Expr, list: Expr, scope: Scope, data: DataSource): Expr {
  const concept = field(element, choiceField(heldType('CodeableConcept', { kind: 'concept' })), integerTypeOf)
  const own = test('inList', concept, list)
  const table = data.typedTable('Medication')
  if (table === undefined) return test('isTrue', own)
  const reference = field(element, choiceField(heldType('Reference', { kind: 'reference' })), longTypeOf)
  const columns = [
    { name: scope.names.next('rid'), type: longTypeOf },
    { name: scope.names.next('code'), type: integerTypeOf },
  ] as const
  const medications: Plan = {
    op: 'scan',
    table,
    sources: { [columns[0].name]: 'rid', [columns[1].name]: 'code' },
    columns,
  }
  const code = scope.lookup('medication', field(reference, 'rid', longTypeOf), medications, columns[0].name, {
    kind: 'column',
    ...columns[1],
  })
  return either(test('isTrue', own), test('isTrue', test('inList', code, list)))
}

/** A constant of the logic as a value; undefined where it is none. */
function constantOf(value: Lowered): Value | undefined {
  return value.kind === 'scalar' ? valueOf(value.expr) : undefined
}

function valueOf(expr: Expr): Value | undefined {
  if (expr.kind === 'const') return expr.value
  if (expr.kind === 'array') return listOfValues(expr.items)
  if (expr.kind === 'call' && expr.template === 'singleList') return listOfValues(expr.args)
  if (expr.kind === 'case' && expr.otherwise !== undefined) return undefined
  return undefined
}

function listOfValues(items: readonly Expr[]): Value | undefined {
  const values = items.map(valueOf)
  return values.every((value) => value !== undefined) ? values : undefined
}
