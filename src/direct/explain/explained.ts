import { invariant } from '../../base/index.ts'
import { type Core, Instance, type Value } from '../../core/index.ts'
import type { PersonRecord, Resource } from '../../fhir/index.ts'
import type { ModelAccess } from '../compile.ts'
import { type DirectDefineValue, defineValueOf } from '../define-value.ts'
import { type DirectProgram, type EvaluationInput, outcomeOf } from '../evaluate.ts'
import { compileExplain } from './explain.ts'
import { type Cited, nothing } from './lineage.ts'
import type { ExplainSession, Run } from './run.ts'

/** One define, with what was done for its value. */
export interface ExplainedDefine {
  readonly library: string
  readonly name: string
  readonly value: DirectDefineValue
  readonly run: Run
  /** Keys of the resources that the value rests on: as long as they stay, the deletion of others changes nothing. */
  readonly cited: readonly string[]
  /** What it would be without any of these; undefined where nothing is cited. */
  readonly without: Without | undefined
}

export interface Without {
  readonly value: DirectDefineValue
  /** The value itself, where it is one to be told; absent for an error. */
  readonly cql?: Value
  /** False where the value would be the same: other resources, or the absence of any, would make it so. */
  readonly changes: boolean
}

/** All that the logic of a measure says of one person. */
export interface Explained {
  /** The main library. */
  readonly main: string
  /** By `Library.Name`. */
  readonly defines: ReadonlyMap<string, ExplainedDefine>
  /** Keys of resources by their bits, in the order of the record. */
  readonly ridsOf: (cited: Cited) => readonly string[]
}

export type Explainer = (input: EvaluationInput & { readonly record: PersonRecord }) => Explained

/** An explainer of a core, whose closures are compiled once. `program` evaluates what would be without resources. */
export function createExplainer(core: Core, model: ModelAccess, program: DirectProgram): Explainer {
  const closures = compileExplain(core, model)
  return (input) => {
    const bits = bitsOf(input.record)
    const runs = new Map<string, Run>()
    const session: ExplainSession = {
      plain: program.open(input),
      everything: (1n << BigInt(bits.rids.length)) - 1n,
      memo: new Map(),
      bitOf: (resource) =>
        resource instanceof Instance && resource.rid !== undefined
          ? (bits.byRid.get(resource.rid) ?? nothing)
          : nothing,
      define(name) {
        const known = runs.get(name) ?? runOf(name)
        runs.set(name, known)
        return known
      },
    }
    const runOf = (name: string): Run => {
      const closure = closures.get(name)
      invariant(closure !== undefined, `the define ${name} is compiled`)
      return closure([], session)
    }
    const evaluateWithout = withoutCited(program, input, bits)
    const defines = [...core.defines].map(([key, { library, name }]) => {
      const run = session.define(key)
      const value = defineValueOf(outcomeOf(key, () => valueOf(run)))
      const cited = run.lineage.all
      const without = cited === nothing ? undefined : evaluateWithout(key, cited, value)
      return [key, { library, name, value, run, cited: bits.ridsOf(cited), without }] as const
    })
    return { main: core.main, defines: new Map(defines), ridsOf: bits.ridsOf }
  }
}

function valueOf({ fault, value }: Run): Value {
  if (fault !== undefined) throw fault
  return value
}

interface Bits {
  readonly rids: readonly string[]
  readonly byRid: ReadonlyMap<string, Cited>
  readonly ridsOf: (cited: Cited) => readonly string[]
}

function bitsOf({ entries }: PersonRecord): Bits {
  const rids = entries.map(({ rid }) => rid)
  const known = new Map<Cited, readonly string[]>()
  const ridsOf = (cited: Cited): readonly string[] => {
    const found = known.get(cited) ?? ridsIn(cited, rids)
    known.set(cited, found)
    return found
  }
  return { rids, byRid: new Map(rids.map((rid, at) => [rid, 1n << BigInt(at)])), ridsOf }
}

/** The keys at the bits that are set: read off the digits, for every shift would copy all of them. */
function ridsIn(cited: Cited, rids: readonly string[]): readonly string[] {
  const digits = cited.toString(2)
  const found: string[] = []
  for (let at = digits.lastIndexOf('1'); at >= 0; at = at === 0 ? -1 : digits.lastIndexOf('1', at - 1))
    found.push(rids[digits.length - 1 - at] ?? '')
  return found
}

/** Defines evaluated on the record without what is cited; the same set of resources is taken away once. */
function withoutCited(program: DirectProgram, input: Parameters<Explainer>[0], bits: Bits) {
  const evaluations = new Map<Cited, ReturnType<DirectProgram['evaluate']>>()
  return (name: string, cited: Cited, present: DirectDefineValue): Without => {
    const evaluation =
      evaluations.get(cited) ??
      program.evaluate({ ...input, record: withoutResources(input.record, new Set(bits.ridsOf(cited))) })
    evaluations.set(cited, evaluation)
    const outcome = evaluation.define(name)
    const value = defineValueOf(outcome)
    return { value, ...(outcome.ok ? { cql: outcome.value } : {}), changes: !isSameValue(present, value) }
  }
}

/** A record that never had these resources. A person without a Patient has one that says nothing. */
export function withoutResources(record: PersonRecord, rids: ReadonlySet<string>): PersonRecord {
  const entries = record.entries.filter(({ rid }) => !rids.has(rid))
  const hasPatient = entries.some(({ resource }) => resource === record.patient)
  const nobody: Resource = { resourceType: 'Patient', id: String(record.patient['id']) }
  const known = hasPatient || !record.entries.some(({ resource }) => resource === record.patient)
  return { pid: record.pid, patient: known ? record.patient : nobody, entries }
}

/** The same letter and the same value; of two errors it does not matter which. */
export function isSameValue(a: DirectDefineValue, b: DirectDefineValue): boolean {
  if (a.letter !== b.letter) return false
  if (a.letter !== 'l' && a.letter !== 'v') return true
  return a.rids.join() === b.rids.join() && JSON.stringify(a.value) === JSON.stringify(b.value)
}
