import type { Code } from '../../core/index.ts'
import { call, choose, constant, field, guard, isNotNull, isNull, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { booleanTypeOf, codeTypeOf, listOf, textTypeOf } from '../algebra/types.ts'
import type { At, Formula, FormulaTable } from './formula.ts'

const listOfCodes = listOf(codeTypeOf)

/** The codes of a value set that the logic names; a fault of the logic where no expansion is at hand. */
function codesOf(valueSet: Expr, at: At): Expr {
  if (valueSet.kind !== 'const' || valueSet.value === null) return at.refuse('A value set that is computed')
  const codes = at.codesOf(valueSet.value)
  if (codes === undefined)
    return guard(nothing(listOfCodes), { kind: 'const', value: true, type: booleanTypeOf }, 'no-expansion')
  return constant(codes, listOfCodes)
}

/** Membership is false for null, as the specification has it. */
const member =
  (codes: (value: Expr) => Expr): Formula =>
  (at, value, valueSet) => {
    const found = test('isTrue', test('sharesCode', codes(value), codesOf(valueSet, at)))
    return choose(booleanTypeOf, [[isNull(value), truth(false)]], found)
  }

/**
 * A bare text names no system: among codes of several systems it is a fault where it is found. The codes are known when
 * the plan is made.
 */
const memberByText =
  (template: 'inList' | 'anyInList'): Formula =>
  (at, value, valueSet) => {
    const codes = codesOf(valueSet, at)
    if (codes.kind === 'guard') return guard(truth(false), isNotNull(value), 'no-expansion')
    const known = codes.kind === 'const' ? (codes.value as readonly Code[]) : []
    const texts = constant(
      known.flatMap(({ code }) => (code === null ? [] : [code])),
      listOf(textTypeOf),
    )
    const found = test('isTrue', test(template, value, texts))
    const systems = new Set(known.map(({ system }) => system))
    return systems.size > 1 ? guard(found, found, 'ambiguous-code') : found
  }

/** The codes of all concepts of a list. */
const codesOfAll = (concepts: Expr): Expr => call('codesOfConcepts', listOfCodes, concepts)

/** Is any of the codes of the system? */
const ofSystem =
  (codes: (value: Expr) => Expr): Formula =>
  (_, value, system) =>
    test('isTrue', test('hasSystem', codes(value), field(system, 'id', textTypeOf)))

export const clinicalFormulas: FormulaTable = {
  'InValueSet(String, ValueSet): Boolean': memberByText('inList'),
  'AnyInValueSet(List<String>, ValueSet): Boolean': memberByText('anyInList'),
  'InValueSet(Code, ValueSet): Boolean': member((code) => call('singleList', listOfCodes, code)),
  'InValueSet(Concept, ValueSet): Boolean': member((concept) => field(concept, 'codes', listOfCodes)),
  'AnyInValueSet(List<Code>, ValueSet): Boolean': member((codes) => codes),
  'AnyInValueSet(List<Concept>, ValueSet): Boolean': member(codesOfAll),
  'InCodeSystem(Code, CodeSystem): Boolean': ofSystem((code) => call('singleList', listOfCodes, code)),
  'InCodeSystem(Concept, CodeSystem): Boolean': ofSystem((concept) => field(concept, 'codes', listOfCodes)),
  'AnyInCodeSystem(List<Code>, CodeSystem): Boolean': ofSystem((codes) => codes),
  'AnyInCodeSystem(List<Concept>, CodeSystem): Boolean': ofSystem(codesOfAll),
  'ExpandValueSet(ValueSet): List<Code>': (at, valueSet) => codesOf(valueSet, at),
}
