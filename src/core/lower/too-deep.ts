import type { ElmNode } from '../../elm/index.ts'
import type { CoreNode } from '../node.ts'
import { anyType } from '../type.ts'
import type { Context } from './context.ts'
import { mostLevels } from './depth.ts'

/** Logic that nests too deeply, at the clause where it does. */
export function tooDeep(node: ElmNode, context: Context): CoreNode {
  if (!context.program.depth.tell())
    return { kind: 'const', value: null, type: anyType, origin: context.originOf(node) }
  return context.refuse(
    node,
    'too-deep',
    `The logic nests more than ${mostLevels} levels deep here, defines and functions within each other counted.`,
    'Write it with less nesting: over a list instead of a chain of terms.',
  )
}
