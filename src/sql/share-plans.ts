import type { Steps } from '../base/index.ts'
import type { CoreType } from '../core/index.ts'
import type { Column, Plan, ProgramPlan } from '../plan/index.ts'
import { barePlan } from './bare-plan.ts'
import { createLoopTest } from './loop-test.ts'
import { inputsOf, type WantedColumns, wantedColumns } from './needed-columns.ts'
import { createPlanIdentity, type PlanIdentity } from './plan-identity.ts'
import { sqlType } from './type-name.ts'

/** A relation that several places of several programs read, to be a table while they run. */
export interface SharedRelation {
  readonly table: string
  readonly program: Pick<ProgramPlan, 'root' | 'units'>
  /** Tables of others that it reads; they come before it. */
  readonly reads: ReadonlySet<string>
}

/** Programs that read what they have in common from tables. */
export interface SharedPlans {
  readonly shared: readonly SharedRelation[]
  readonly programs: readonly { readonly plan: ProgramPlan; readonly reads: ReadonlySet<string> }[]
}

/**
 * Finds what programs over the same tables have in common, however each names it, and lets them read it from tables that are
 * made once. Rows and values stay what they are.
 */
export function* sharePlans(programs: readonly ProgramPlan[]): Steps<SharedPlans> {
  const sharing = new Sharing(createPlanIdentity())
  for (const program of programs) yield* sharing.add(program)
  return yield* sharing.finish()
}

/** A place of a program where a relation is read. */
interface Place {
  readonly plan: Plan
  readonly program: ProgramPlan
  /** The columns that are wanted there: names by what they mean. */
  readonly wanted: ReadonlyMap<number, string>
}

/** Relations of one meaning. */
interface Class {
  readonly table: string
  readonly plan: Plan
  readonly program: ProgramPlan
  /** The columns of the table: what they are called in `plan`, by what they mean. */
  readonly columns: ReadonlyMap<number, Column>
}

/** Who reads relations: a program, or a class. */
interface Consumer {
  readonly root: Plan
  /** The relation that it makes: it reads no table instead. */
  readonly itself: Plan
  readonly wanted: WantedColumns
}

class Sharing {
  readonly #identity: PlanIdentity
  readonly #programs: { readonly program: ProgramPlan; readonly wanted: WantedColumns }[] = []
  readonly #places = new Map<number, Place[]>()
  readonly #classes = new Map<Plan, Class>()
  readonly #loops = createLoopTest()

  constructor(identity: PlanIdentity) {
    this.#identity = identity
  }

  *add(program: ProgramPlan): Steps<void> {
    const wanted = yield* wantedColumns(program.root)
    this.#programs.push({ program, wanted })
    for (const plan of printedPlans(program.root, wanted)) {
      yield
      if (!isWorthATable(plan, wanted.get(plan)) || this.#loops(plan)) continue
      const rows = this.#identity.rows(plan)
      const places = this.#places.get(rows) ?? []
      this.#places.set(rows, places)
      places.push({ plan, program, wanted: this.#meanings(plan, wanted) })
    }
  }

  *finish(): Steps<SharedPlans> {
    for (const places of this.#places.values()) {
      yield
      this.#classify(places)
    }
    const consumers = new Map<Class | ProgramPlan, Consumer>()
    for (const { program, wanted } of this.#programs)
      consumers.set(program, { root: program.root, itself: program.root, wanted })
    const readers = yield* this.#readers(consumers)
    const kept = new Set([...readers].filter(([, plans]) => plans.size > 1).map(([one]) => one))
    const shared: SharedRelation[] = []
    const made = new Set<Class>()
    const make = (one: Class): void => {
      if (made.has(one)) return
      made.add(one)
      const consumer = consumers.get(one)
      if (consumer === undefined) return
      const { root, reads } = this.#rewritten(consumer, kept)
      for (const read of reads) make(read)
      shared.push({ table: one.table, program: { root, units: one.program.units }, reads: tablesOf(reads) })
    }
    const rewritten = this.#programs.map(({ program }) => {
      const consumer = consumers.get(program) as Consumer
      const { root, reads } = this.#rewritten(consumer, kept)
      for (const read of reads) make(read)
      return { plan: { ...program, root }, reads: tablesOf(reads) }
    })
    return { shared, programs: rewritten }
  }

  /** The wanted columns of a relation by what they mean. */
  #meanings(plan: Plan, wanted: WantedColumns): ReadonlyMap<number, string> {
    const names = plan.columns.map(({ name }) => name).filter((name) => wanted.get(plan)?.has(name) === true)
    return new Map(names.map((name) => [this.#identity.column(plan, name), name]))
  }

  /** Places of the same rows are one class as far as one of them has all the columns that they want. */
  #classify(places: readonly Place[]): void {
    if (places.length < 2) return
    const all = new Set(places.flatMap(({ wanted }) => [...wanted.keys()]))
    const best = places
      .map((place) => ({ place, columns: this.#available(place, all) }))
      .reduce((most, one) => (one.columns.size > most.columns.size ? one : most))
    const { plan, program } = best.place
    const members = places.filter(({ wanted }) => [...wanted.keys()].every((id) => best.columns.has(id)))
    if (members.length < 2) return
    const wanted = new Set(members.flatMap((member) => [...member.wanted.keys()]))
    const columns = new Map([...best.columns].filter(([id]) => wanted.has(id)))
    const found: Class = { table: `shared_${this.#classes.size + 1}`, plan, program, columns }
    for (const member of members) this.#classes.set(member.plan, found)
  }

  #available({ plan, wanted }: Place, all: ReadonlySet<number>): ReadonlyMap<number, Column> {
    const names = new Set(wanted.values())
    const enough = [...all].every((id) => wanted.has(id))
    const columns = enough ? plan.columns.filter(({ name }) => names.has(name)) : plan.columns
    const found = columns.map((column) => [this.#identity.column(plan, column.name), column] as const)
    return new Map(found.filter(([id]) => all.has(id)))
  }

  /** Who reads each class where it stands highest; classes that are read become consumers themselves. */
  *#readers(consumers: Map<Class | ProgramPlan, Consumer>): Steps<ReadonlyMap<Class, ReadonlySet<string>>> {
    const readers = new Map<Class, Set<string>>()
    const ids = new Map<Plan, number>()
    const waiting: (Class | ProgramPlan)[] = [...consumers.keys()]
    for (let at = 0; at < waiting.length; at += 1) {
      yield
      const consumer = consumers.get(waiting[at] as Class) as Consumer
      const enters = (one: Plan): boolean => this.#cut(one, consumer) === undefined
      for (const plan of printedPlans(consumer.itself, consumer.wanted, enters)) {
        const found = this.#cut(plan, consumer)
        if (found === undefined) continue
        const places = readers.get(found) ?? new Set()
        readers.set(found, places)
        ids.set(plan, ids.get(plan) ?? ids.size)
        places.add(`${at} ${ids.get(plan)}`)
        if (consumers.has(found)) continue
        consumers.set(found, yield* consumerOf(found))
        waiting.push(found)
      }
    }
    return readers
  }

  /** The class that a consumer may read in a relation's place. */
  #cut(plan: Plan, { itself, wanted }: Consumer): Class | undefined {
    const found = this.#classes.get(plan)
    if (found === undefined || plan === itself) return undefined
    return [...this.#meanings(plan, wanted).keys()].every((id) => found.columns.has(id)) ? found : undefined
  }

  #rewritten(
    consumer: Consumer,
    kept: ReadonlySet<Class>,
  ): { readonly root: Plan; readonly reads: ReadonlySet<Class> } {
    const reads = new Set<Class>()
    const known = new Map<Plan, Plan>()
    const cutAt = (plan: Plan): Class | undefined => {
      const cut = this.#cut(plan, consumer)
      return cut !== undefined && kept.has(cut) ? cut : undefined
    }
    for (const plan of printedPlans(consumer.itself, consumer.wanted, (one) => cutAt(one) === undefined)) {
      const cut = cutAt(plan)
      if (cut !== undefined) reads.add(cut)
    }
    const rewrite = (plan: Plan): Plan => {
      const done = known.get(plan) ?? rewriteOne(plan)
      known.set(plan, done)
      return done
    }
    const rewriteOne = (plan: Plan): Plan => {
      const cut = cutAt(plan)
      if (cut === undefined) return withInputs(plan, inputsOf(plan).map(rewrite))
      return this.#scanOf(plan, consumer.wanted, cut)
    }
    return { root: rewrite(consumer.root), reads }
  }

  #scanOf(plan: Plan, wanted: WantedColumns, { table }: Class): Plan {
    const names = plan.columns.filter(({ name }) => wanted.get(plan)?.has(name) === true)
    const sources = names.map(({ name }) => [name, sharedColumn(this.#identity.column(plan, name))])
    return { op: 'scan', table, sources: Object.fromEntries(sources), columns: names }
  }
}

/** Values that take no more than a number or a text each. */
const isNarrow = (type: CoreType): boolean => !/STRUCT|UNION|MAP/.test(sqlType(type))

const sharedColumn = (id: number): string => `c${id}`

const tablesOf = (classes: ReadonlySet<Class>): ReadonlySet<string> => new Set([...classes].map(({ table }) => table))

function* consumerOf({ plan, columns }: Class): Steps<Consumer> {
  const made = [...columns].map(([id, { name, type }]) => [sharedColumn(id), { kind: 'column', name, type }] as const)
  const root: Plan = {
    op: 'rename',
    input: plan,
    exprs: made,
    columns: made.map(([name, { type }]) => ({ name, type })),
  }
  return { root, itself: plan, wanted: yield* wantedColumns(root) }
}

/**
 * Relations whose rows are of their own making (all others add columns to those of another), and whose wanted columns are
 * narrow: what carries structures along costs more to write than to make again, for the database makes no more of it
 * than each reader asks for.
 */
function isWorthATable(plan: Plan, wanted: ReadonlySet<string> | undefined): boolean {
  const isOwn = plan.op === 'join' ? plan.how !== 'left' : ownRows.has(plan.op)
  return isOwn && plan.columns.every(({ name, type }) => wanted?.has(name) !== true || isNarrow(type))
}

const ownRows: ReadonlySet<Plan['op']> = new Set(['filter', 'group', 'unnest', 'union'])

/** The relations below one that become text, itself first and each once; of those that are not entered only themselves. */
function printedPlans(
  root: Plan,
  wanted: WantedColumns,
  enters: (plan: Plan) => boolean = () => true,
): readonly Plan[] {
  const seen = new Set<Plan>()
  const visit = (given: Plan): void => {
    const plan = barePlan(given, wanted)
    if (seen.has(plan)) return
    seen.add(plan)
    if (enters(plan)) for (const input of inputsOf(plan)) visit(input)
  }
  visit(root)
  return [...seen]
}

function withInputs(plan: Plan, inputs: readonly Plan[]): Plan {
  const [first, second] = inputs
  if (first === undefined || inputs.every((input, index) => input === inputsOf(plan)[index])) return plan
  switch (plan.op) {
    case 'join':
      return { ...plan, left: first, right: second ?? plan.right }
    case 'recurse':
      return { ...plan, first, step: second ?? plan.step }
    case 'union':
      return { ...plan, inputs }
    case 'scan':
    case 'values':
    case 'loop':
      return plan
    default:
      return { ...plan, input: first }
  }
}
