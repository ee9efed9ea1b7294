import { type Diagnostic, failure, finish, finishGently, type Result, type Steps, success } from '../../base/index.ts'
import { type Core, type CoreType, calendarUnit, compileDefines } from '../../core/index.ts'
import { type EvaluationPeriod, momentOfDay, periodParameters } from '../../direct/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { type DefineColumn, type ProgramPlan, planDefineByDefine } from '../../plan/index.ts'
import { columnsRead, printLettersInSteps, printProgramInSteps, type Script, sharePlans } from '../../sql/index.ts'
import type { AskedElements, SetTables } from '../../store/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { dataSourceOf } from './code-lookup.ts'
import { elementsRead } from './elements-read.ts'
import type { StoredData } from './held-elements.ts'

/** The logic that a program is made of. */
export interface SetLogic {
  readonly closure: LibraryClosure
  /** Names of the main library's defines, in the order of the letters. */
  readonly defines: readonly string[]
  /** Those whose value is wanted, not the letter and the resources alone. */
  readonly valued?: ReadonlySet<string>
}

/** What logic is planned over. */
export interface SetData {
  readonly tables: SetTables
  readonly stored: StoredData
  readonly valueSets: ValueSets
  /** Whole days in a zone: the parameter `Measurement Period`. Now is its end. */
  readonly period: EvaluationPeriod
}

/** Logic as one script for any number of persons. */
export interface SetProgram {
  readonly defines: readonly string[]
  readonly columns: readonly DefineColumn[]
  readonly script: Script
  /** The elements that it reads: whoever's columns cannot show them is irregular. */
  readonly reads: readonly AskedElements[]
  /** The columns that it reads, by table. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>
  /** Shared tables that its script reads. */
  readonly shared: ReadonlySet<string>
}

/** The script of a measure's logic. Failure: those of `compileDefines`, and `plan/unsupported` with its clause. */
export function createSetProgram(logic: SetLogic, data: SetData): Result<SetProgram> {
  return finish(setProgramStages(logic, data))
}

/** Logic of several measures, ready to be run side by side. */
export interface SetPrograms {
  /** In the order of the logic. */
  readonly programs: readonly Result<SetProgram>[]
  /** What they have in common, in an order in which it can be made. */
  readonly shared: readonly SharedTable[]
}

/** A relation that programs read from a table of the session, which has to be there before they run. */
export interface SharedTable {
  readonly table: string
  readonly script: Script
  /** Shared tables that its script reads. */
  readonly reads: ReadonlySet<string>
}

/** Several at once: what they have in common is found, and made once for all. Failures are each program's own. */
export function prepareSetPrograms(logics: readonly SetLogic[], data: SetData): Promise<SetPrograms> {
  return finishGently(setProgramsStages(logics, data))
}

function* setProgramsStages(logics: readonly SetLogic[], data: SetData): Steps<SetPrograms> {
  const planned: { readonly logic: SetLogic; readonly plan: Result<PlannedLogic> }[] = []
  for (const logic of logics) planned.push({ logic, plan: yield* planLogic(logic, data) })
  const sayable = planned.flatMap(({ plan }) => (plan.ok ? [plan.value.plan] : []))
  const { shared, programs } = yield* sharePlans(sayable)
  const sharing = new Map(sayable.map((plan, index) => [plan, programs[index]]))
  const tables: SharedTable[] = []
  for (const { table, program, reads } of shared)
    tables.push({ table, script: yield* printProgramInSteps(program), reads })
  const printed: Result<SetProgram>[] = []
  for (const { logic, plan } of planned)
    printed.push(plan.ok ? success(yield* programOf(logic, plan.value, data, sharing.get(plan.value.plan))) : plan)
  return { programs: printed, shared: tables }
}

function* setProgramStages(logic: SetLogic, data: SetData): Steps<Result<SetProgram>> {
  const plan = yield* planLogic(logic, data)
  return plan.ok ? success(yield* programOf(logic, plan.value, data)) : plan
}

/** A plan, and the logic that it says. */
interface PlannedLogic {
  readonly core: Core
  readonly plan: ProgramPlan
}

function* planLogic(logic: SetLogic, data: SetData): Steps<Result<PlannedLogic>> {
  const core = compileDefines(logic.closure, logic.defines)
  if (!core.ok) return core
  yield
  const plan = yield* planSetInSteps(core.value, logic, data)
  return plan.ok
    ? success({ core: core.value, plan: withStoredUnits(plan.value, yield* columnsRead(plan.value), data) })
    : plan
}

/** A plan that knows the units of the columns that it reads. */
function withStoredUnits(plan: ProgramPlan, read: SetProgram['tables'], data: SetData): ProgramPlan {
  const columns = [...data.tables.typed].flatMap(([type, table]) =>
    [...(read.get(table) ?? [])].flatMap((column) => data.stored.types.get(type)?.units.get(column) ?? []),
  )
  const own = new Set(plan.units.own)
  const stored = new Set(columns.map((unit) => calendarUnit(unit) ?? unit).filter((unit) => !own.has(unit)))
  return { ...plan, units: { ...plan.units, stored: [...stored].slice(0, mostUnits) } }
}

/** So many units of the data take part in conversions: each is settled with each. */
const mostUnits = 64

/** The program of a plan, printed as a plan that reads shared tables where there is one. */
function* programOf(
  logic: SetLogic,
  { core, plan }: PlannedLogic,
  data: SetData,
  sharing?: { readonly plan: ProgramPlan; readonly reads: ReadonlySet<string> },
): Steps<SetProgram> {
  const script = yield* printLettersInSteps(sharing?.plan ?? plan)
  yield
  const tables = yield* columnsRead(plan)
  const reads = elementsRead(tables, core, data)
  return { defines: logic.defines, columns: plan.defines, script, reads, tables, shared: sharing?.reads ?? new Set() }
}

/** The relational plan of logic over the tables of a session. */
export function planSet(core: Core, logic: SetLogic, data: SetData): Result<ProgramPlan> {
  return finish(planSetInSteps(core, logic, data))
}

function* planSetInSteps(core: Core, logic: SetLogic, data: SetData): Steps<Result<ProgramPlan>> {
  const library = logic.closure.main.identifier.id
  const qualified = (name: string): string => `${library}.${name}`
  const valued = [...(logic.valued ?? [])].map(qualified)
  const held = valued.filter((name) => wantsValue(core.defines.get(name)?.root.type))
  const unsayable = held.filter((name) => holdsResource(core.defines.get(name)?.root.type))
  if (unsayable.length > 0) return failure(...unsayable.map(noValue))
  return yield* planDefineByDefine(core, logic.defines.map(qualified), {
    now: momentOfDay(data.period.end, 'end', data.period.timeZone),
    parameters: periodParameters(core, data.period),
    data: dataSourceOf(data.tables, data.stored, data.valueSets),
    persons: data.tables.persons,
    outputs: 'letters',
    profiles: logic.closure.profiles ?? 'inferred',
    held: new Set(held),
  })
}

/** Truths are their letter, and lists of resources their keys: all else needs its value. */
function wantsValue(type: CoreType | undefined): boolean {
  if (type === undefined || (type.kind === 'system' && type.name === 'Boolean')) return false
  return !(type.kind === 'list' && type.of.kind === 'class')
}

/** Does a value of the type hold a resource or an element of FHIR? Only closures have these as values. */
function holdsResource(type: CoreType | undefined): boolean {
  switch (type?.kind) {
    case 'class':
      return true
    case 'list':
    case 'interval':
    case 'uncertain':
      return holdsResource(type.of)
    case 'choice':
      return type.of.some(holdsResource)
    case 'tuple':
      return type.elements.some((element) => holdsResource(element.type))
    default:
      return false
  }
}

const noValue = (define: string): Diagnostic => ({
  code: 'plan/unsupported',
  severity: 'error',
  message: `The value of ${define} holds FHIR data, which SQL gives by its key alone.`,
  place: { define },
})
