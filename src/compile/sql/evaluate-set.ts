import { type Diagnostic, type Result, success } from '../../base/index.ts'
import { type Core, compileDefines, type Value } from '../../core/index.ts'
import { createDirectEvaluator, type EvaluationPeriod, momentOfDay, periodInterval } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { typedFields } from '../../fhir/index.ts'
import { streamPersonRecords } from '../../identity/index.ts'
import { type ProgramPlan, planDefines } from '../../plan/index.ts'
import { columnsRead, printProgram, scriptText } from '../../sql/index.ts'
import {
  findIrregularPersons,
  prepareSetTables,
  type ReadElements,
  readConceptCodings,
  type SetTables,
} from '../../store/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { dataSourceOf } from './code-lookup.ts'
import { runScript } from './run-script.ts'

/** What a set of persons is evaluated with. */
export interface SetInput {
  readonly session: Session
  readonly valueSets: ValueSets
  /** Whole days in a zone: the parameter `Measurement Period`. Now is its end. */
  readonly period: EvaluationPeriod
  /** These persons only; all where absent. */
  readonly pids?: readonly number[]
}

/** A define of one person: a letter (t, f, n, e, l, z, v) and the resources that its value holds. */
export interface SetDefine {
  readonly letter: string
  readonly rids: readonly string[]
  readonly fault?: Diagnostic
}

export interface SetPerson {
  readonly pid: number
  readonly defines: ReadonlyMap<string, SetDefine>
}

export interface SetEvaluation {
  readonly persons: ReadonlyMap<number, SetPerson>
  /** Persons whom columns cannot represent: they were evaluated by closures over the raw record. */
  readonly irregular: readonly number[]
  readonly sql: string
}

/**
 * Evaluates defines of the main library for a set of persons by one statement; the few whom columns cannot
 * represent by closures. Failure: those of `compileDefines`, and `plan/unsupported` with its clause.
 */
export async function evaluateSet(
  closure: LibraryClosure,
  defines: readonly string[],
  input: SetInput,
): Promise<Result<SetEvaluation>> {
  const tables = await prepareSetTables(input.session, input.pids)
  const plan = await planSet(closure, defines, input, tables)
  if (!plan.ok) return plan
  const script = printProgram(plan.value)
  const rows = await runScript<Row>(input.session, script)
  const persons = new Map(rows.map((row) => [Number(row['pid']), personOf(row, defines, plan.value)]))
  const known = await findIrregularPersons(input.session, elementsRead(plan.value, tables))
  const flagged = [...persons.values()].filter(isIrregular).map(({ pid }) => pid)
  const irregular = [...new Set([...known, ...flagged])].filter((pid) => persons.has(pid)).toSorted((a, b) => a - b)
  for await (const person of byClosures(closure, defines, input, irregular)) persons.set(person.pid, person)
  return success({ persons, irregular, sql: scriptText(script) })
}

type Row = Readonly<Record<string, unknown>>

/** The relational plan of defines over the tables of a session. */
export async function planSet(
  closure: LibraryClosure,
  defines: readonly string[],
  { session, valueSets, period }: SetInput,
  tables: SetTables,
): Promise<Result<ProgramPlan>> {
  const core = compileDefines(closure, defines)
  if (!core.ok) return core
  const library = closure.main.identifier.id
  return planDefines(
    core.value,
    defines.map((name) => `${library}.${name}`),
    {
      now: momentOfDay(period.end, 'end', period.timeZone),
      parameters: periodParameters(core.value, period),
      data: dataSourceOf(tables, await readConceptCodings(session), valueSets),
      persons: tables.persons,
      outputs: 'letters',
    },
  )
}

/** The period under every library's `Measurement Period`, as each declares it. */
function periodParameters(core: Core, period: EvaluationPeriod): ReadonlyMap<string, Value> {
  const named = [...core.parameters].filter(([, parameter]) => parameter.name === 'Measurement Period')
  return new Map(
    named.map(([key, { type }]) => {
      const dates = type.kind === 'interval' && type.of.kind === 'system' && type.of.name === 'Date'
      return [key, periodInterval(period, dates ? 'Date' : 'DateTime')]
    }),
  )
}

function personOf(row: Row, defines: readonly string[], plan: ProgramPlan): SetPerson {
  const pid = Number(row['pid'])
  const entries = plan.defines.map((column, index): [string, SetDefine] => {
    const name = defines[index] ?? column.define
    const fault = column.fault === undefined ? null : row[column.fault]
    if (typeof fault === 'string') return [name, { letter: 'e', rids: [], fault: faultOf(fault, name) }]
    const rids = column.rids === undefined ? null : (row[column.rids] as readonly unknown[] | null)
    return [name, { letter: String(row[column.value]), rids: [...new Set((rids ?? []).map(String))] }]
  })
  return { pid, defines: new Map(entries) }
}

const faultOf = (code: string, define: string): Diagnostic => ({
  code: `core/${code}`,
  message: 'The logic failed for this person.',
  severity: 'error',
  place: { define },
})

const isIrregular = (person: SetPerson): boolean =>
  [...person.defines.values()].some((define) => define.fault?.code === 'core/irregular')

/** The elements that a plan's columns belong to, by type. */
function elementsRead(plan: ProgramPlan, tables: SetTables): readonly ReadElements[] {
  const read = columnsRead(plan)
  return [...tables.typed].flatMap(([type, table]) => {
    const columns = [...(read.get(table) ?? [])]
    const elements = (typedFields(type) ?? []).filter((one) =>
      columns.some((name) => name === `${one.name}_kind` || one.options.some((option) => option.key === name)),
    )
    const held = columns.filter((name) => elements.some((one) => name.startsWith(one.name)))
    return columns.length === 0 ? [] : [{ type, elements: elements.map((one) => one.name), columns: held }]
  })
}

async function* byClosures(
  closure: LibraryClosure,
  defines: readonly string[],
  { session, valueSets, period }: SetInput,
  pids: readonly number[],
): AsyncGenerator<SetPerson> {
  if (pids.length === 0) return
  const evaluator = createDirectEvaluator({ closure, defines, valueSets, period })
  if (!evaluator.ok) return
  for await (const record of streamPersonRecords(session, { pids })) {
    const found = evaluator.value.evaluate(record)
    const entries = [...found.defines].map(([name, { letter, rids, fault }]): [string, SetDefine] => [
      name,
      { letter, rids, ...(fault === undefined ? {} : { fault }) },
    ])
    yield { pid: record.pid, defines: new Map(entries) }
  }
}
