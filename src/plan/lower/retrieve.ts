import { type CoreNode, type CoreType, type Value, Vocabulary } from '../../core/index.ts'
import { type Field, typedFields } from '../../fhir/index.ts'
import { both, constant, either, field, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { columnsIn, faultOf } from '../algebra/fault.ts'
import { heldType, optionType } from '../algebra/held-type.ts'
import type { Column, Plan } from '../algebra/relation.ts'
import { type Names, Scope } from '../algebra/scope.ts'
import { integerTypeOf, listOf, longTypeOf, textTypeOf } from '../algebra/types.ts'
import type { DataSource } from '../fhir/data-source.ts'
import { profileCondition } from '../fhir/profile.ts'
import { type ResourceTable, resourceTable } from '../fhir/resource.ts'
import { choiceField } from '../formula/convert.ts'
import type { Lowering } from './context.ts'
import { emptyList } from './in-row.ts'
import { keyColumn } from './list.ts'
import { Frame, type Lowered, type Picked } from './lowered.ts'

type RetrieveNode = Extract<CoreNode, { kind: 'retrieve' }>

/** Types of no patient: which of them belong to a person's record, only the references in it say. */
const patientless = new Set(['Medication', 'Location', 'Organization', 'Practitioner', 'PractitionerRole', 'Substance'])
/** A column that names resources of such a type; `within` is the part of its elements where it is a list of them. */
interface Naming {
  readonly type: string
  readonly column: string
  readonly within?: string
}
const drugs = ['MedicationRequest', 'MedicationAdministration', 'MedicationDispense', 'MedicationStatement']
/** Where resources of such types are named; for the others there are too many places. */
const namedBy: Readonly<Record<string, readonly Naming[]>> = {
  Medication: drugs.map((type) => ({ type, column: 'medicationReference' })),
  Location: [
    { type: 'Encounter', column: 'location', within: 'location' },
    { type: 'Procedure', column: 'location' },
    { type: 'Immunization', column: 'location' },
  ],
}

/** The persons' resources of a type, in order of rid; narrowed by the concepts that meet the wanted codes. */
export function lowerRetrieve(node: RetrieveNode, _frame: Frame, _at: Scope, lowering: Lowering): Lowered {
  const { base, data } = lowering.program
  const type = node.dataType.slice('FHIR.'.length)
  if (data === undefined) throw lowering.refuse(node, 'A retrieve where there are no data')
  if (data.typedTable(type) === undefined) throw lowering.refuse(node, `A retrieve of ${type}, which has no columns,`)
  if (patientless.has(type) && namedBy[type] === undefined)
    throw lowering.refuse(node, `A retrieve of ${type}, which belongs to no patient,`)
  const [key = 'pid'] = base.keys
  const resources = resourcesOf(type, key, data, lowering)
  if (resources === undefined) throw lowering.refuse(node, `A retrieve of ${type}, which has no columns,`)
  if (findsNothing(node, type, data, lowering)) return emptyList(base, node.type)
  const { table, scope } = resources
  const profiled = profileCondition(node.templateId, table, data, lowering.program.profiles)
  const ofProfile = profiled === undefined ? scope : scope.filtered(profiled)
  const coded = node.codes === undefined ? undefined : codeCondition(node, table, ofProfile, data, lowering)
  if ([profiled, coded].some((one) => one?.kind === 'const' && one.value !== true)) return emptyList(base, node.type)
  const kept = coded === undefined ? ofProfile : ofProfile.filtered(coded)
  const picked = pickedBy(resources, [profiled, coded])
  return {
    kind: 'rows',
    scope: base,
    rows: kept,
    order: [table.rid],
    item: table.item,
    once: true,
    ...(type === 'Patient' ? { single: true } : {}),
    ...(picked === undefined ? {} : { picked }),
  }
}

/** What is picked by conditions on a type's own columns; undefined where more is asked. */
function pickedBy({ table, scope }: Resources, asked: readonly (Expr | undefined)[]): Picked | undefined {
  const conditions = asked.filter((one) => one !== undefined)
  const own = new Set(table.plan.columns.map(({ name }) => name))
  const isOwn = (one: Expr) => faultOf(one) === undefined && [...columnsIn(one).keys()].every((name) => own.has(name))
  if (!conditions.every(isOwn)) return undefined
  const all = conditions.map((one) => test('isTrue', one)).reduce(both, truth(true))
  return { from: scope, item: table.item, rid: table.rid, conditions: [all] }
}

interface Resources {
  readonly table: ResourceTable
  readonly scope: Scope
}

const known = new WeakMap<Scope, Map<string, Resources | undefined>>()

/** The persons' resources of a type: one relation for all who read them, so that lists which are picked of it can be united. */
function resourcesOf(type: string, key: string, data: DataSource, lowering: Lowering): Resources | undefined {
  const { base, names } = lowering.program
  const ofBase = known.get(base) ?? new Map<string, Resources | undefined>()
  known.set(base, ofBase)
  if (ofBase.has(type)) return ofBase.get(type)
  const table = resourceTable(type, data, patientless.has(type) ? names.next('pid') : key, names)
  const plan = table && (type === 'Patient' ? firstOfPerson(table, lowering) : ofReferrers(type, table, key, lowering))
  const made = table && plan && { table, scope: new Scope(names, plan, [key, table.rid], base) }
  ofBase.set(type, made)
  return made
}

/**
 * Is it known that no resource of anybody is found: there is none of the type, or none whose coded element meets the
 * wanted codes? Only where the columns represent that element in all of them.
 */
function findsNothing(node: RetrieveNode, type: string, data: DataSource, lowering: Lowering): boolean {
  const facts = data.factsOf(type)
  if (facts?.isEmpty === true) return true
  const { codes } = node
  if (facts === undefined || codes === undefined) return false
  if (!facts.whole.has(codes.path) && facts.partial?.has(codes.path) !== true) return false
  const wanted = constantOf(lowering.lower(codes.value, new Frame(), lowering.program.base))
  if (wanted === undefined || (wanted instanceof Vocabulary && codes.comparator === '~')) return false
  const cids = data.cidsOf(wanted, codes.comparator)
  return cids !== undefined && metIn(type, codes.path, cids, data).length === 0
}

/** Of concepts those that stand in an element of some resource. */
function metIn(type: string, element: string, cids: readonly number[], data: DataSource): readonly number[] {
  const options = typedFields(type)?.find(({ name }) => name === element)?.options ?? []
  const told = options.map(({ key }) => data.factsOf(type)?.concepts?.get(key)).filter((one) => one !== undefined)
  return told.length === 0 ? cids : cids.filter((cid) => told.some((concepts) => concepts.has(cid)))
}

/** One Patient stands for a person: the first by rid. People whose Patients differ are set aside before. */
function firstOfPerson(table: ResourceTable, { program: { names } }: Lowering): Plan {
  const [pid, rid] = [names.next('pid'), names.next('rid')]
  const keys = [
    { name: pid, type: integerTypeOf },
    { name: rid, type: longTypeOf },
  ]
  const all: Plan = {
    op: 'rename',
    input: table.plan,
    exprs: [
      [pid, keyColumn(table.pid)],
      [rid, keyColumn(table.rid)],
    ],
    columns: keys,
  }
  const least = names.next('least')
  const first: Plan = {
    op: 'group',
    input: all,
    keys: [pid],
    aggregates: { [least]: { name: 'min', value: keyColumn(rid) } },
    columns: [
      { name: pid, type: integerTypeOf },
      { name: least, type: longTypeOf },
    ],
  }
  const on = [[table.rid, least] as const]
  return { op: 'join', how: 'semi', left: table.plan, right: first, on, columns: table.plan.columns }
}

/** Resources of no patient: for each person those that the person's own resources name. */
function ofReferrers(type: string, table: ResourceTable, key: string, { program }: Lowering): Plan {
  const named = namedBy[type]
  if (named === undefined) return table.plan
  const { names, data } = program
  const rid = names.next('named')
  const keys = [
    { name: key, type: integerTypeOf, nonNull: true },
    { name: rid, type: longTypeOf },
  ] as const
  const inputs = named.flatMap(({ type: referrer, column, within }): Plan[] => {
    const own = data?.typedTable(referrer)
    const found = typedFields(referrer)?.find((one) => one.options.some(({ key: name }) => name === column))
    if (own === undefined || found === undefined) return []
    const [pid, value] = [names.next('pid'), names.next('reference')]
    const option = found.options.find(({ key: name }) => name === column) ?? found.options[0]
    const item = option === undefined ? textTypeOf : optionType(option)
    const pidColumn = { name: pid, type: integerTypeOf }
    const columns = [pidColumn, { name: value, type: found.repeats ? listOf(item) : item }] as const
    const stored: Plan = { op: 'scan', table: own, sources: { [pid]: 'pid', [value]: column }, columns }
    const [scan, reference] = found.repeats
      ? unnested(stored, pidColumn, columns[1], item, names)
      : [stored, { kind: 'column' as const, ...columns[1] }]
    const named =
      within === undefined ? reference : field(reference, within, heldType('Reference', { kind: 'reference' }))
    const target = field(named, 'rid', longTypeOf)
    return [
      {
        op: 'rename',
        input: scan,
        exprs: [
          [key, keyColumn(pid)],
          [rid, target],
        ],
        columns: keys,
      },
    ]
  })
  const all: Plan = { op: 'union', inputs, columns: keys }
  const once: Plan = { op: 'group', input: all, keys: [key, rid], aggregates: {}, columns: keys }
  const columns = [...keys, ...table.plan.columns]
  return { op: 'join', how: 'inner', left: once, right: table.plan, on: [[rid, table.rid]], columns }
}

/** A row for each element of a list column. */
function unnested(input: Plan, pid: Column, list: Column, item: CoreType, names: Names): readonly [Plan, Expr] {
  const [name, position] = [names.next('item'), names.next('pos')]
  const columns = [pid, { name, type: item }, { name: position, type: integerTypeOf }]
  const plan: Plan = { op: 'unnest', input, list: { kind: 'column', ...list }, item: name, position, columns }
  return [plan, { kind: 'column', name, type: item }]
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
  if (wanted instanceof Vocabulary && node.codes?.comparator === '~')
    return notDoneFor(wanted.id, node, table, scope, data, lowering)
  const cids = wanted === undefined ? undefined : data.cidsOf(wanted, node.codes?.comparator ?? 'in')
  if (cids === undefined) throw lowering.refuse(node, 'A retrieve by codes that are not at hand')
  const path = node.codes?.path ?? ''
  const found = typedFields(node.dataType.slice('FHIR.'.length))?.find((one) => one.name === path)
  const element = table.item.kind === 'pack' ? table.item.fields[path] : undefined
  if (found === undefined || element === undefined) throw lowering.refuse(node, `A retrieve by the element ${path}`)
  return coded(found, element, metIn(node.dataType.slice('FHIR.'.length), path, cids, data), node, lowering)
}

/** QI-Core negations name the value set of which nothing was done in an extension of the code, which only raw holds. */
function notDoneFor(
  valueSet: string,
  node: RetrieveNode,
  table: ResourceTable,
  scope: Scope,
  data: DataSource,
  lowering: Lowering,
): Expr {
  const path = node.codes?.path ?? ''
  const found = typedFields(node.dataType.slice('FHIR.'.length))?.find((one) => one.name === path)
  const [rid, raw] = [scope.names.next('rid'), scope.names.next('raw')]
  const columns = [
    { name: rid, type: longTypeOf },
    { name: raw, type: textTypeOf },
  ]
  const plan: Plan = { op: 'scan', table: data.notDone, sources: { [rid]: 'rid', [raw]: 'raw' }, columns }
  const key: Expr = { kind: 'column', name: table.rid, type: longTypeOf }
  const text = scope.lookup('raw', key, plan, rid, { kind: 'column', name: raw, type: textTypeOf })
  if (found === undefined) throw lowering.refuse(node, `A retrieve by the element ${path}`)
  return found.options
    .filter(({ shape }) => shape.kind === 'concept' || shape.kind === 'coding')
    .map(({ key: name }) => {
      const place = constant(`$.${name}${found.repeats ? '[*]' : ''}.extension[*]`, textTypeOf)
      return test('isTrue', test('isNotDoneFor', text, place, constant(valueSet, textTypeOf)))
    })
    .reduce(either, truth(false))
}

function coded(found: Field, element: Expr, cids: readonly number[], node: RetrieveNode, lowering: Lowering): Expr {
  const list = constant(cids, listOf(integerTypeOf))
  if (found.choice) return choiceCoded(element, list)
  const kind = found.options[0]?.shape.kind
  if (kind !== 'concept' && kind !== 'coding') throw lowering.refuse(node, `A retrieve by the element ${found.name}`)
  return found.repeats ? test('anyInList', element, list) : test('inList', element, list)
}

/** Of a choice the code; where the element is a reference, the translator's logic says what is asked of its target. */
function choiceCoded(element: Expr, list: Expr): Expr {
  const concept = field(element, choiceField(heldType('CodeableConcept', { kind: 'concept' })), integerTypeOf)
  return test('isTrue', test('inList', concept, list))
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
