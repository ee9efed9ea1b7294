import type { ElmNode } from '../elm/index.ts'
import { type DefineName, operandsOf } from './logic.ts'
import { type Letters, type Truth, truthOf } from './truth.ts'

/** A define on the way from a population to a cause, with what it was (`true`, or anything else). */
export interface Step extends DefineName {
  readonly held: boolean
}

/** The smallest part of the logic that made a population so, as far as the stored letters tell. */
export interface Cause {
  /** From the population's define to the define that holds the cause; never empty. */
  readonly trail: readonly Step[]
  /** The cause is this expression within the last define of the trail; undefined for the whole define. */
  readonly inline?: ElmNode
}

/** Causes; `joint` where they are so only together (all of an And, none of an Or). */
interface Finding {
  readonly causes: readonly Cause[]
  readonly joint: boolean
}

interface Search {
  readonly letters: Letters
  /** True for a define that has words of its own. */
  hasPhrase(name: DefineName): boolean
}

/**
 * Why a boolean define held (`held`), or did not (false or null): walks And, Or, Not, Exists and
 * references down to the defines that decided it. Where several undecidable parts remain, the define that
 * holds them is itself the cause.
 */
export function findCauses(search: Search, name: DefineName, held: boolean): readonly Cause[] {
  return explainDefine(search, name, held, []).causes
}

function explainDefine(search: Search, name: DefineName, held: boolean, above: readonly Step[]): Finding {
  const trail = [...above, { ...name, held }]
  const itself: Finding = { causes: [{ trail }], joint: false }
  const expression = search.letters.logic.expression(name)
  const cyclic = above.some((step) => step.library === name.library && step.define === name.define)
  if (expression === undefined || cyclic || !isCombination(expression)) return itself
  const finding = explainNode(search, expression, trail, held)
  const whole = finding.causes.length === 1 && finding.causes[0]?.inline === expression
  const spokenFor = finding.joint && finding.causes.length > 1 && search.hasPhrase(name)
  return whole || spokenFor ? itself : finding
}

const combinations = new Set(['And', 'Or', 'Not', 'ExpressionRef'])

function isCombination(node: ElmNode): boolean {
  if (node.type === 'Exists') return operandsOf(node)[0]?.type === 'ExpressionRef'
  return combinations.has(node.type ?? '')
}

function explainNode(search: Search, node: ElmNode, trail: readonly Step[], held: boolean): Finding {
  const library = trail.at(-1)?.library ?? search.letters.logic.main
  const operand = operandsOf(node)[0]
  switch (node.type) {
    case 'And':
      return explainOperands(search, node, trail, held, held)
    case 'Or':
      return explainOperands(search, node, trail, held, !held)
    case 'Not':
      return operand === undefined ? inlineFinding(node, trail) : explainNode(search, operand, trail, !held)
    case 'Exists':
      return explainExists(search, node, trail, held)
    case 'ExpressionRef': {
      const target = search.letters.logic.target(node, library)
      return target === undefined ? inlineFinding(node, trail) : explainDefine(search, target, held, trail)
    }
    default:
      return inlineFinding(node, trail)
  }
}

function inlineFinding(node: ElmNode, trail: readonly Step[]): Finding {
  return { causes: [{ trail, inline: node }], joint: false }
}

function explainExists(search: Search, node: ElmNode, trail: readonly Step[], held: boolean): Finding {
  const operand = operandsOf(node)[0]
  const library = trail.at(-1)?.library ?? search.letters.logic.main
  const target = operand?.type === 'ExpressionRef' ? search.letters.logic.target(operand, library) : undefined
  if (target === undefined) return inlineFinding(node, trail)
  return { causes: [{ trail: [...trail, { ...target, held }] }], joint: false }
}

/** `all`: every operand is as the whole is; otherwise those that are so, or the only one that can be. */
function explainOperands(search: Search, node: ElmNode, trail: readonly Step[], held: boolean, all: boolean): Finding {
  const operands = operandsOf(node)
  const chosen = all ? operands : decisive(search.letters, operands, trail, held)
  if (chosen.length === 0) return inlineFinding(node, trail)
  const findings = chosen.map((operand) => explainNode(search, operand, trail, held))
  return {
    causes: findings.flatMap((finding) => finding.causes),
    joint: (all && findings.length > 1) || findings.some((finding) => finding.joint),
  }
}

function decisive(
  letters: Letters,
  operands: readonly ElmNode[],
  trail: readonly Step[],
  held: boolean,
): readonly ElmNode[] {
  const library = trail.at(-1)?.library ?? letters.logic.main
  const truths = operands.map((operand) => truthOf(letters, operand, library))
  const wanted: readonly Truth[] = held ? ['true'] : ['false', 'null']
  const known = operands.filter((_, index) => wanted.includes(truths[index] ?? 'unknown'))
  if (known.length > 0) return known
  const open = operands.filter((_, index) => truths[index] === 'unknown')
  return open.length === 1 ? open : []
}
