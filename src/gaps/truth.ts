import type { ElmNode } from '../elm/index.ts'
import type { DefineLetter } from '../measure/index.ts'
import { type DefineName, type Logic, operandsOf } from './logic.ts'

/** What is known of a boolean expression from the stored letters alone. */
export type Truth = 'true' | 'false' | 'null' | 'unknown'

/** The letters of one evaluation, by define of the main library. */
export interface Letters {
  readonly logic: Logic
  readonly defines: string
}

/** The letter of a define; undefined outside the main library, where none is stored. */
export function letterOf(letters: Letters, name: DefineName): DefineLetter | undefined {
  if (name.library !== letters.logic.main) return undefined
  const index = letters.logic.indexOf.get(name.define)
  return index === undefined ? undefined : (letters.defines[index] as DefineLetter | undefined)
}

const truthOfLetter: Readonly<Partial<Record<DefineLetter, Truth>>> = { t: 'true', f: 'false', n: 'null' }

/** The truth of a boolean node of `library`, by three-valued logic over the letters; `unknown` where they do not tell. */
export function truthOf(letters: Letters, node: ElmNode, library: string): Truth {
  const operands = () => operandsOf(node).map((operand) => truthOf(letters, operand, library))
  switch (node.type) {
    case 'And':
      return conjunction(operands())
    case 'Or':
      return negation(conjunction(operands().map(negation)))
    case 'Not':
      return negation(operands()[0] ?? 'unknown')
    case 'Exists':
      return existence(letters, operandsOf(node)[0], library)
    case 'ExpressionRef':
      return truthOfReference(letters, node, library)
    default:
      return 'unknown'
  }
}

function truthOfReference(letters: Letters, node: ElmNode, library: string): Truth {
  const target = letters.logic.target(node, library)
  if (target === undefined) return 'unknown'
  const letter = letterOf(letters, target)
  if (letter !== undefined) return truthOfLetter[letter] ?? 'unknown'
  const expression = letters.logic.expression(target)
  return expression === undefined ? 'unknown' : truthOf(letters, expression, target.library)
}

function existence(letters: Letters, operand: ElmNode | undefined, library: string): Truth {
  if (operand?.type !== 'ExpressionRef') return 'unknown'
  const target = letters.logic.target(operand, library)
  const letter = target === undefined ? undefined : letterOf(letters, target)
  if (letter === 'l') return 'true'
  return letter === 'z' || letter === 'n' ? 'false' : 'unknown'
}

function conjunction(truths: readonly Truth[]): Truth {
  if (truths.includes('false')) return 'false'
  if (truths.includes('unknown')) return 'unknown'
  return truths.includes('null') ? 'null' : 'true'
}

function negation(truth: Truth): Truth {
  if (truth === 'true') return 'false'
  return truth === 'false' ? 'true' : truth
}
