import { contentHash, finish, type Steps } from '../base/index.ts'
import { type Column, type Expr, type Plan, type ProgramPlan } from '../plan/index.ts'
import { aggregateText, orderText } from './aggregate-text.ts'
import { barePlan } from './bare-plan.ts'
import { createExpansion, type Expansion } from './expansion.ts'
import { createLoopTest } from './loop-test.ts'
import { type NarrowLists, narrowed, narrowLists } from './narrow-lists.ts'
import { type WantedColumns, wantedColumns } from './needed-columns.ts'
import { printExprs, type Stage, type TemplateTexts } from './print-expr.ts'
import { type Script, ScriptParts } from './script.ts'
import { templates, unitTables, usesOf } from './template/index.ts'
import { quoted, sqlType } from './type-name.ts'

/** A plan as a script of DuckDB: one query, and before it the tables that long chains are cut into. */
export function printProgram(program: ProgramPlan): Script {
  return finish(printProgramInSteps(program))
}

/** The same relation by relation, for a thread that others wait for. */
export function* printProgramInSteps(program: Pick<ProgramPlan, 'root' | 'units'>): Steps<Script> {
  const tables = unitTables(program.units, contentHash(JSON.stringify(program.units)).slice(0, 8))
  const texts: TemplateTexts = { ...templates, ...tables.templates }
  const wanted = yield* wantedColumns(program.root)
  let lists = yield* narrowLists(program.root)
  let script = yield* new PlanPrinter(texts, wanted, lists).print(program.root)
  // A structure whose type the text names has to be as it is stored.
  const named = namedIn([...script.before, script.query].join('\n'), lists)
  if (named.size > 0) {
    lists = new Map([...lists].filter(([structure]) => !named.has(structure)))
    yield
    script = yield* new PlanPrinter(texts, wanted, lists).print(program.root)
  }
  yield
  const setting = tables.setting([...script.before, script.query].join('\n'))
  return { ...script, before: [...setting, ...script.before] }
}

const namedIn = (text: string, lists: NarrowLists): ReadonlySet<string> =>
  new Set([...lists.keys()].filter((structure) => text.includes(structure)))

/** Terms that a condition may be written out to. They are some hundred, or else millions. */
const mostTerms = 2_000

type Of<K extends Plan['op']> = Extract<Plan, { op: K }>

class PlanPrinter {
  readonly #templates: TemplateTexts
  readonly #wanted: WantedColumns
  readonly #names = new Map<Plan, string>()
  readonly #parts = new ScriptParts()
  /** What the relations that are being printed read, the innermost last. */
  readonly #readers: Set<string>[] = []
  readonly #loops = createLoopTest()
  readonly #terms: Expansion
  readonly #lists: NarrowLists
  readonly #apart = new Set<Plan>()
  #stages = 0
  #conditions = 0

  constructor(texts: TemplateTexts, wanted: WantedColumns, lists: NarrowLists) {
    this.#lists = lists
    this.#templates = texts
    this.#wanted = wanted
    this.#terms = createExpansion((template, operand) => usesOf(texts[template], operand))
  }

  *print(root: Plan): Steps<Script> {
    const { text, reads } = yield* this.#reading(this.#body(root))
    return this.#parts.finish(text, reads)
  }

  /** A relation's text, with the names of the relations that it reads. */
  *#reading(print: Steps<string>): Steps<{ readonly text: string; readonly reads: ReadonlySet<string> }> {
    const reads = new Set<string>()
    this.#readers.push(reads)
    const text = yield* print
    this.#readers.pop()
    return { text, reads }
  }

  /** What a FROM names: a common table expression, or, within a recursion, the text itself. */
  *#from(given: Plan): Steps<string> {
    const plan = this.#bare(given)
    if (plan.op === 'loop') return quoted(plan.name)
    // A stored table is read where it is wanted, each time only the columns that are wanted there.
    if (plan.op === 'scan' || this.#loops(plan)) return `(${yield* this.#body(plan)})`
    const name = this.#names.get(plan) ?? (yield* this.#define(plan))
    this.#readers.at(-1)?.add(name)
    return quoted(name)
  }

  *#define(plan: Plan): Steps<string> {
    const { text, reads } = yield* this.#reading(this.#body(plan))
    const name = plan.op === 'recurse' ? plan.name : `r${this.#names.size + 1}`
    this.#names.set(plan, name)
    this.#parts.add(name, { text, reads, recursive: plan.op === 'recurse', apart: this.#apart.has(plan) })
    yield
    return name
  }

  #bare(plan: Plan): Plan {
    return barePlan(plan, this.#wanted)
  }

  *#body(plan: Plan): Steps<string> {
    switch (plan.op) {
      case 'scan':
        return `SELECT ${this.#kept(plan)
          .map((column) => `${this.#stored(column, plan.sources[column.name])} AS ${quoted(column.name)}`)
          .join(', ')} FROM ${plan.table}`
      case 'values':
        return this.#values(plan)
      case 'project':
        return yield* this.#project(plan)
      case 'rename':
        return yield* this.#rename(plan)
      case 'filter':
        return yield* this.#filter(plan)
      case 'join':
        return yield* this.#join(plan)
      case 'union':
        return yield* this.#union(plan)
      case 'group':
        return yield* this.#group(plan)
      case 'window':
        return yield* this.#window(plan)
      case 'unnest':
        return yield* this.#unnest(plan)
      case 'recurse':
        return `${yield* this.#body(plan.first)}\nUNION ALL\n${yield* this.#body(plan.step)}`
      case 'loop':
        return `SELECT * FROM ${quoted(plan.name)}`
    }
  }

  *#union(plan: Of<'union'>): Steps<string> {
    const parts: string[] = []
    for (const input of plan.inputs)
      parts.push(`SELECT ${this.#columnsOf(input, plan)} FROM ${yield* this.#from(input)}`)
    return parts.join('\nUNION ALL\n')
  }

  /** A stored column, of lists of structures the elements that are read. */
  #stored({ name, type }: Column, source = name): string {
    const elements = narrowed(type, this.#lists)
    if (elements === undefined) return quoted(source)
    const parts = elements.map((element) => `${quoted(element)} := (e).${quoted(element)}`)
    return `list_transform(${quoted(source)}, lambda e: CASE WHEN e IS NOT NULL THEN struct_pack(${parts.join(', ')}) END)`
  }

  #wants(plan: Plan, name: string): boolean {
    return this.#wanted.get(plan)?.has(name) === true
  }

  /** The columns that are wanted of a relation; the first of them where only its rows are. */
  #kept(plan: Plan, columns = plan.columns): readonly Column[] {
    const kept = columns.filter((column) => this.#wants(plan, column.name))
    return kept.length === 0 ? columns.slice(0, 1) : kept
  }

  #columns(plan: Plan): string {
    return this.#kept(plan)
      .map((column) => quoted(column.name))
      .join(', ')
  }

  /** An input's columns under a union's names: the inputs name them in the same order. */
  #columnsOf(input: Plan, plan: Plan): string {
    const own = new Set(input.columns.map((column) => column.name))
    return this.#kept(plan)
      .filter((column) => own.has(column.name))
      .map((column) => quoted(column.name))
      .join(', ')
  }

  /**
   * Rows for which a condition is true. The database writes a filter's condition out over the columns of its input, and
   * these over those below, down to what is stored; where the columns share their parts the text grows beyond all bounds.
   * It stops at a relation that is made apart.
   */
  #filter(plan: Of<'filter'>): Steps<string> {
    if (!this.#loops(plan) && this.#terms(plan.condition, plan.input) > mostTerms) {
      this.#apart.add(this.#bare(plan.input))
      if (printExprs([plan.condition], this.#templates, () => '').stages.length > 0) return this.#filterApart(plan)
    }
    const list = this.#columns(plan)
    return this.#select(
      plan.input,
      [plan.condition],
      () => list,
      ([text = 'NULL']) => `\nWHERE ${text}`,
    )
  }

  /** A condition that is itself made in stages: they too are made apart from the filter. */
  *#filterApart(plan: Of<'filter'>): Steps<string> {
    const name = `k${++this.#conditions}`
    const list = this.#columns(plan)
    const { text, reads } = yield* this.#reading(
      this.#select(plan.input, [plan.condition], ([condition = 'NULL']) => `${list}, ${condition} AS "keep"`),
    )
    this.#parts.add(name, { text, reads, recursive: false, apart: true })
    this.#readers.at(-1)?.add(name)
    return `SELECT ${list}\nFROM ${quoted(name)}\nWHERE "keep"`
  }

  /** SELECT over an input with the stages that its expressions need. */
  *#select(
    input: Plan,
    exprs: readonly Expr[],
    list: (texts: readonly string[]) => string,
    tail: (texts: readonly string[]) => string = () => '',
  ): Steps<string> {
    const { stages, texts } = printExprs(exprs, this.#templates, () => `x${++this.#stages}`)
    const from = stages.reduce<string>(
      (inner, stage) => `(SELECT *, ${stageList(stage)} FROM ${inner})`,
      yield* this.#from(input),
    )
    return `SELECT ${list(texts)}\nFROM ${from}${tail(texts)}`
  }

  #project(plan: Of<'project'>): Steps<string> {
    const columns = this.#kept(plan)
    const made = columns.filter((column) => plan.exprs[column.name] !== undefined)
    const exprs = made.map((column) => plan.exprs[column.name] as Expr)
    return this.#select(plan.input, exprs, (texts) => {
      const byName = new Map(made.map((column, index) => [column.name, texts[index] ?? 'NULL']))
      return columns
        .map((column) => {
          const text = byName.get(column.name)
          return text === undefined ? quoted(column.name) : `${text} AS ${quoted(column.name)}`
        })
        .join(', ')
    })
  }

  #rename(plan: Of<'rename'>): Steps<string> {
    const names = new Set(this.#kept(plan).map((column) => column.name))
    const kept = plan.exprs.filter(([name]) => names.has(name))
    return this.#select(
      plan.input,
      kept.map(([, expr]) => expr),
      (texts) => kept.map(([name], index) => `${texts[index] ?? 'NULL'} AS ${quoted(name)}`).join(', '),
    )
  }

  #values(plan: Of<'values'>): string {
    const columns = this.#kept(plan)
    const places = columns.map((column) => plan.columns.indexOf(column))
    const rows = plan.rows.map((row) => {
      const cells = places.map((place) => row[place]).filter((cell) => cell !== undefined)
      // Each cell stands alone: cells that are alike must stay constants of their own.
      return `(${cells.flatMap((cell) => printExprs([cell], this.#templates, () => 'x').texts).join(', ')})`
    })
    return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${columns.map((column) => quoted(column.name)).join(', ')})`
  }

  *#join(plan: Of<'join'>): Steps<string> {
    const words = { inner: 'JOIN', left: 'LEFT JOIN', semi: 'SEMI JOIN', anti: 'ANTI JOIN' } as const
    const own = new Set(plan.left.columns.map((column) => column.name))
    const list = this.#kept(plan).map((column) => `${own.has(column.name) ? 'l' : 'r'}.${quoted(column.name)}`)
    const on = plan.on.map(([left, right]) => `l.${quoted(left)} = r.${quoted(right)}`)
    return `SELECT ${list.join(', ')}\nFROM ${yield* this.#from(plan.left)} AS l ${words[plan.how]} ${yield* this.#from(plan.right)} AS r ON ${on.length === 0 ? 'true' : on.join(' AND ')}`
  }

  #group(plan: Of<'group'>): Steps<string> {
    const entries = Object.entries(plan.aggregates).filter(([name]) => this.#wants(plan, name))
    const exprs = entries.flatMap(([, one]) => [
      one.value,
      ...(one.where === undefined ? [] : [one.where]),
      ...(one.order ?? []).map((key) => key.value),
    ])
    const keys = plan.keys.map(quoted)
    return this.#select(
      plan.input,
      exprs,
      (texts) => {
        let at = 0
        const aggregates = entries.map(([name, one]) => {
          const value = texts[at++] ?? 'NULL'
          const where = one.where === undefined ? '' : ` FILTER (WHERE ${texts[at++] ?? 'NULL'})`
          const order = (one.order ?? []).map((key) => ({ ...key, text: texts[at++] ?? 'NULL' }))
          const type = plan.columns.find((column) => column.name === name)
          return `${aggregateText(one.name, value, where, order, type === undefined ? 'INTEGER' : sqlType(type.type))} AS ${quoted(name)}`
        })
        return [...keys, ...aggregates].join(', ')
      },
      () => `\nGROUP BY ${keys.join(', ')}`,
    )
  }

  #window(plan: Of<'window'>): Steps<string> {
    const exprs = [...plan.partition, ...plan.order.map((key) => key.value)]
    return this.#select(plan.input, exprs, (texts) => {
      const partition = texts.slice(0, plan.partition.length)
      const order = plan.order.map((key, index) => orderText(key, texts[plan.partition.length + index] ?? 'NULL'))
      const by = partition.length === 0 ? '' : `PARTITION BY ${partition.join(', ')} `
      const window = `CAST(row_number() OVER (${by}ORDER BY ${order.join(', ')}) AS INTEGER)`
      const rest = this.#kept(
        plan,
        plan.columns.filter((column) => column.name !== plan.number),
      )
      return [...rest.map((column) => quoted(column.name)), `${window} AS ${quoted(plan.number)}`].join(', ')
    })
  }

  #unnest(plan: Of<'unnest'>): Steps<string> {
    return this.#select(plan.input, [plan.list], ([text = '[]']) => {
      const rest = plan.columns.filter(
        (column) => column.name !== plan.item && column.name !== plan.position && this.#wants(plan, column.name),
      )
      const item = this.#wants(plan, plan.item) ? [`unnest(${text}) AS ${quoted(plan.item)}`] : []
      const position = `CAST(unnest(generate_series(1, len(${text}))) AS INTEGER) AS ${quoted(plan.position)}`
      return [...rest.map((column) => quoted(column.name)), ...item, position].join(', ')
    })
  }
}

const stageList = (stage: Stage): string =>
  stage.columns.map(({ name, text }) => `${text} AS ${quoted(name)}`).join(', ')
