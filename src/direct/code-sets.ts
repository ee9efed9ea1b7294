import { Code, type CodeSet, type Environment } from '../core/index.ts'
import { foldSystem } from '../fhir/index.ts'
import type { Expansion, ValueSets } from '../terminology/index.ts'

const resolvers = new WeakMap<ValueSets, Environment['expansion']>()

/**
 * The expansions of a run as sets to be asked. Each is indexed once, when first asked for, and shared by all
 * evaluations over the same `ValueSets`. Systems are folded on both sides: one URI per code system.
 */
export function expansionsOf(valueSets: ValueSets): Environment['expansion'] {
  const known = resolvers.get(valueSets)
  if (known !== undefined) return known
  const sets = new Map<string, CodeSet | undefined>()
  const resolve: Environment['expansion'] = (valueSet) => {
    const canonical = valueSet.version === null ? valueSet.id : `${valueSet.id}|${valueSet.version}`
    if (!sets.has(canonical)) {
      const expansion = valueSets.find(canonical)
      sets.set(canonical, expansion === undefined ? undefined : codeSetOf(expansion))
    }
    return sets.get(canonical)
  }
  resolvers.set(valueSets, resolve)
  return resolve
}

function codeSetOf(expansion: Expansion): CodeSet {
  const systems = new Map<string, Set<string | undefined>>()
  for (const { code, system } of expansion.members) {
    if (code === undefined) continue
    const known = systems.get(code)
    if (known === undefined) systems.set(code, new Set([system]))
    else known.add(system)
  }
  return {
    // A code without a system cannot be told to be a member of any: it is none, as in the interpreter.
    has: (code, system) => systems.get(code)?.has(system === null ? undefined : foldSystem(system)) === true,
    codes: expansion.members.map(
      (member) => new Code(member.code ?? null, member.system ?? null, null, member.display ?? null),
    ),
  }
}
