import { Code, type TerminologyProvider, ValueSet } from 'cql-execution'
import { type Coding, foldSystem } from '../fhir/index.ts'
import type { Expansion, ValueSets } from '../terminology/index.ts'

/** A value set that answers by a look-up; cql-execution's own compares with every member in turn. */
class IndexedValueSet extends ValueSet {
  readonly #keys: ReadonlySet<string>

  constructor(expansion: Expansion) {
    const codes = expansion.members.map(
      (member) => new Code(member.code ?? '', member.system, undefined, member.display),
    )
    super(expansion.url, expansion.version, codes)
    this.#keys = new Set(expansion.members.map(keyOf))
  }

  /** True where a code, a concept or any of a list is a member. A bare text has no system: as cql-execution has it. */
  override hasMatch(value: unknown): boolean {
    if (typeof value === 'string') return super.hasMatch(value) as boolean
    if (Array.isArray(value)) return value.some((item) => this.hasMatch(item))
    if (value === null || value === undefined) return false
    const codes = (value as { readonly codes?: unknown }).codes
    if (Array.isArray(codes)) return this.hasMatch(codes)
    return this.#keys.has(keyOf(value))
  }

  /** Members are distinct already: expansions are checked when they are loaded. */
  override expand(): Code[] {
    return this.codes as Code[]
  }
}

const keyOf = (coding: Coding) => `${coding.system === undefined ? '' : foldSystem(coding.system)}|${coding.code ?? ''}`

const services = new WeakMap<ValueSets, TerminologyProvider>()

/** The code service of a run's value sets. One is made for each `ValueSets` and shared: it only answers. */
export function codeServiceOf(valueSets: ValueSets): TerminologyProvider {
  const known = services.get(valueSets)
  if (known !== undefined) return known
  const indexed = new Map<string, ValueSet | null>()
  const find = (url: string, version?: string): ValueSet | null => {
    const canonical = version === undefined ? url : `${url}|${version}`
    const found = indexed.get(canonical)
    if (found !== undefined) return found
    const expansion = valueSets.find(canonical)
    const made = expansion === undefined ? null : new IndexedValueSet(expansion)
    indexed.set(canonical, made)
    return made
  }
  const service: TerminologyProvider = {
    findValueSet: find,
    findValueSetsByOid: (url) => [find(url)].filter((found) => found !== null),
  }
  services.set(valueSets, service)
  return service
}
