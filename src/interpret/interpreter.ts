import {
  Date as CqlDate,
  type DateTime,
  Expression,
  Interval,
  type Library,
  type TerminologyProvider,
} from 'cql-execution'
import { type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { type ElmLibrary, guardLibraries, type LibraryClosure } from '../elm/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { codeServiceOf } from './code-service.ts'
import { buildLibrary, SharedContext } from './cql-library.ts'
import { evaluationFault } from './evaluation-fault.ts'
import { dateTimeOf } from './evaluation-time.ts'
import { FhirClasses } from './fhir-class.ts'
import { NodeShapes } from './fhir-node.ts'
import type { ClauseTrace, ClauseValue, DefineValue, Interpretation } from './interpretation.ts'
import { fhirModelInfo } from './model-info.ts'
import { patientOf } from './patient.ts'
import { statedErrors } from './stated-error.ts'
import { letterOf, membersOf, type ResourceKeys, ridsOf } from './value.ts'

export interface InterpreterOptions {
  readonly closure: LibraryClosure
  /** Names of the main library's defines that are wanted; what they refer to is evaluated as needed. */
  readonly defines: readonly string[]
  readonly valueSets: ValueSets
  /** Whole days in a zone: the parameter `Measurement Period`. The end day is included. */
  readonly period: { readonly start: string; readonly end: string; readonly timeZone: string }
}

/** One library closure, ready for any number of people, also at the same time: it keeps nothing of any. */
export interface Interpreter {
  /** Never throws for what a record holds: a define that fails carries its fault. */
  evaluate(record: PersonRecord): Promise<Interpretation>
  /** The value of every clause that ran, for explanations. Slower: a second copy of the logic remembers them. */
  trace(record: PersonRecord): Promise<ClauseTrace>
}

let shapes: NodeShapes | undefined

/**
 * An interpreter for the defines of a measure. The evaluation's time (CQL's Now) is the end of the period, so that
 * the same inputs give the same values; its offset is the zone's on that day.
 * Failure: `interpret/model-unknown`, and those of the guard (`elm/missing-define`, `elm/unsupported-operator`, ...):
 * what cql-execution would answer with null, or wrongly without a word, is never run.
 */
export function createInterpreter(options: InterpreterOptions): Result<Interpreter> {
  const refusals = [...unknownModels(options.closure), ...guardLibraries(options.closure, options.defines)]
  if (refusals.length > 0) return failure(...refusals)
  shapes ??= new NodeShapes(new FhirClasses(fhirModelInfo()))
  return success(new CqlInterpreter(options, shapes))
}

interface Using {
  readonly localIdentifier: string
  readonly uri?: string
}

const fhirUri = 'http://hl7.org/fhir'

/**
 * Models of other types than FHIR's. QI-Core and US Core are none: the translator turns what is written in them into
 * FHIR types (so the ELM gives them FHIR's uri), with the profile as the retrieve's templateId.
 */
function unknownModels(closure: LibraryClosure): readonly Diagnostic[] {
  return closure.libraries.flatMap((library) => {
    const usings = (library['usings'] as { readonly def: readonly Using[] } | undefined)?.def ?? []
    return usings
      .filter(({ localIdentifier, uri }) => localIdentifier !== 'System' && uri !== fhirUri)
      .map(({ localIdentifier }) => ({
        code: 'interpret/model-unknown',
        severity: 'error' as const,
        message: `The interpreter reads the FHIR model only; the library uses ${localIdentifier}.`,
        place: { library: library.identifier.id },
      }))
  })
}

class CqlInterpreter implements Interpreter {
  readonly #options: InterpreterOptions
  readonly #shapes: NodeShapes
  readonly #library: Library
  #traced: Library | undefined
  readonly #codes: TerminologyProvider
  readonly #parameters: Readonly<Record<string, Interval>>
  readonly #now: DateTime

  constructor(options: InterpreterOptions, nodeShapes: NodeShapes) {
    this.#options = options
    this.#shapes = nodeShapes
    this.#library = buildLibrary(options.closure, false)
    this.#codes = codeServiceOf(options.valueSets)
    this.#parameters = { 'Measurement Period': periodOf(options) }
    this.#now = dateTimeOf(options.period.end, 'end', options.period.timeZone)
  }

  async evaluate(record: PersonRecord): Promise<Interpretation> {
    const context = this.#contextOf(this.#library, record)
    const keys = keysOf(record)
    const defines = new Map<string, DefineValue>()
    for (const define of this.#options.defines) defines.set(define, await this.#define(context, define, keys))
    return { pid: record.pid, defines }
  }

  async trace(record: PersonRecord): Promise<ClauseTrace> {
    this.#traced ??= buildLibrary(this.#options.closure, true)
    const context = this.#contextOf(this.#traced, record)
    const keys = keysOf(record)
    for (const define of this.#options.defines) await this.#define(context, define, keys)
    return traceOf(context, keys)
  }

  #contextOf(library: Library, record: PersonRecord): SharedContext {
    const profiles = this.#options.closure.profiles ?? 'inferred'
    const patient = patientOf(record, this.#shapes, this.#now.timezoneOffset ?? 0, profiles)
    return new SharedContext(library, patient, this.#codes, this.#parameters, this.#now, statedErrors)
  }

  async #define(context: SharedContext, name: string, keys: ResourceKeys): Promise<DefineValue> {
    try {
      // The context remembers defines that were evaluated on the way; only a missing one is an expression.
      const known: unknown = context.get(name)
      const value: unknown = known instanceof Expression ? await known.execute(context) : known
      return { letter: letterOf(value), value, rids: ridsOf(value, keys), members: () => membersOf(value, keys) }
    } catch (thrown) {
      const fault = evaluationFault(thrown, name, this.#options.closure.libraries)
      return { letter: 'e', value: undefined, rids: [], members: () => [], fault }
    }
  }
}

/** The period as the library declares its parameter: an interval of date-times, or of dates. */
function periodOf({ closure, period }: InterpreterOptions): Interval {
  const low = dateTimeOf(period.start, 'start', period.timeZone)
  const high = dateTimeOf(period.end, 'end', period.timeZone)
  if (!wantsDates(closure)) return new Interval(low, high, true, true)
  const [from, to] = [low, high].map((time) => new CqlDate(time.year, time.month, time.day))
  return new Interval(from, to, true, true)
}

function wantsDates(closure: LibraryClosure): boolean {
  const declared = closure.libraries
    .flatMap((library: ElmLibrary) => library.parameters?.def ?? [])
    .find((parameter) => parameter.name === 'Measurement Period')
  const type = declared?.['parameterTypeSpecifier'] as { readonly pointType?: { readonly name?: string } } | undefined
  return type?.pointType?.name === '{urn:hl7-org:elm-types:r1}Date'
}

function keysOf(record: PersonRecord): ResourceKeys {
  return new Map(record.entries.map((entry) => [entry.resource, entry.rid]))
}

function traceOf(context: SharedContext, keys: ResourceKeys): ClauseTrace {
  const libraries = [...context.all].map(([library, { localId_context: clauses }]) => {
    const values = Object.entries(clauses as Record<string, unknown>).map(([localId, value]): [string, ClauseValue] => [
      localId,
      { letter: letterOf(value), rids: ridsOf(value, keys) },
    ])
    return [library, new Map(values)] as const
  })
  return new Map(libraries)
}
