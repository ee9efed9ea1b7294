import type { CodeSet, Environment } from '../value/environment.ts'
import { runFault } from '../value/run-fault.ts'
import { type Code, type Concept, type Value, type Vocabulary } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'

/** The codes of a value set; a fault where no expansion is at hand, for then nobody can say what is in it. */
function codesOf(valueSet: Vocabulary, env: Environment): CodeSet {
  const expansion = env.expansion(valueSet)
  if (expansion === undefined)
    throw runFault('no-expansion', `No expansion of the value set ${valueSet.id} is at hand.`)
  return expansion
}

const isIn = (set: CodeSet, code: Code): boolean => code.code !== null && set.has(code.code, code.system)
const anyIn = (set: CodeSet, codes: readonly (Code | null)[]): boolean =>
  codes.some((code) => code !== null && isIn(set, code))

/** A bare text names no system: it is a member only of a set whose codes are all of one system. */
function hasText(set: CodeSet, text: string): boolean {
  if (!set.codes.some((code) => code.code === text)) return false
  if (set.codes.some((code) => code.system !== set.codes[0]?.system))
    throw runFault('ambiguous-code', 'A code without a system is looked for among codes of several systems.')
  return true
}

/** Membership is false for a null code, as the specification has it. */
function inValueSet(test: (set: CodeSet, value: never) => boolean) {
  return (value: Value, valueSet: Vocabulary | null, _: CallSite, env: Environment): Value => {
    if (valueSet === null) return null
    return value === null ? false : test(codesOf(valueSet, env), value as never)
  }
}

const byText = inValueSet(hasText)
const byTexts = inValueSet((set, texts: readonly (string | null)[]) =>
  texts.some((text) => text !== null && hasText(set, text)),
)
const byCode = inValueSet((set, code: Code) => isIn(set, code))
const byConcept = inValueSet((set, concept: Concept) => anyIn(set, concept.codes))
const byCodes = inValueSet((set, codes: readonly (Code | null)[]) => anyIn(set, codes))
const byConcepts = inValueSet((set, concepts: readonly (Concept | null)[]) =>
  concepts.some((concept) => concept !== null && anyIn(set, concept.codes)),
)

const inSystem = (codes: readonly (Code | null)[], system: Vocabulary): boolean =>
  codes.some((code) => code?.system === system.id)

/** https://cql.hl7.org/09-b-cqlreference.html#clinical-operators-3 */
export const clinicalOperators: readonly Operator[] = [
  ownNulls(
    'clinical',
    'InValueSet',
    [
      overload('(String, ValueSet): Boolean', byText),
      overload('(Code, ValueSet): Boolean', byCode),
      overload('(Concept, ValueSet): Boolean', byConcept),
    ],
    { fields: ['code', 'valueset|valuesetExpression'] },
  ),
  ownNulls(
    'clinical',
    'AnyInValueSet',
    [
      overload('(List<String>, ValueSet): Boolean', byTexts),
      overload('(List<Code>, ValueSet): Boolean', byCodes),
      overload('(List<Concept>, ValueSet): Boolean', byConcepts),
    ],
    { fields: ['codes', 'valueset|valuesetExpression'] },
  ),
  strict(
    'clinical',
    'InCodeSystem',
    [
      overload('(Code, CodeSystem): Boolean', (code: Code, system: Vocabulary) => inSystem([code], system)),
      overload('(Concept, CodeSystem): Boolean', (concept: Concept, system: Vocabulary) =>
        inSystem(concept.codes, system),
      ),
    ],
    { fields: ['code', 'codesystem|codesystemExpression'] },
  ),
  strict(
    'clinical',
    'AnyInCodeSystem',
    [
      overload('(List<Code>, CodeSystem): Boolean', (codes: readonly (Code | null)[], system: Vocabulary) =>
        inSystem(codes, system),
      ),
      overload('(List<Concept>, CodeSystem): Boolean', (concepts: readonly (Concept | null)[], system: Vocabulary) =>
        concepts.some((concept) => concept !== null && inSystem(concept.codes, system)),
      ),
    ],
    { fields: ['codes', 'codesystem|codesystemExpression'] },
  ),
  strict('clinical', 'ExpandValueSet', [
    overload(
      '(ValueSet): List<Code>',
      (valueSet: Vocabulary, _: CallSite, env: Environment) => codesOf(valueSet, env).codes,
    ),
  ]),
]
