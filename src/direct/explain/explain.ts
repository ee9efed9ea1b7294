import { type Core, type CoreNode, childrenOf, freeVariables, type Value } from '../../core/index.ts'
import type { Evaluate } from '../closure.ts'
import { type ModelAccess, type PlainNode, plainCompilers } from '../compile.ts'
import type { Compile } from '../memo.ts'
import { type ItemLineage, listLineage, restsOn, restsOnNothing, union, withMore } from './lineage.ts'
import { lineageOf } from './operator-lineage.ts'
import { explainFold, explainReturn, explainSort } from './query.ts'
import type { CompileExplain, Explain, Run } from './run.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Explainers = { readonly [K in CoreNode['kind']]: (node: Node<K>, compile: CompileExplain) => Explain }

/**
 * Every define of a core as a closure that tells what it did and what its value rests on. What plain nodes, retrieves
 * and comparisons mean is said by the closures that evaluate; here stands only who is asked, and what follows from it.
 */
export function compileExplain(core: Core, model: ModelAccess): ReadonlyMap<string, Explain> {
  const functions = new Map<string, Explain>()
  const plain = plainCompilers(model)
  const plainExplain = (node: PlainNode, compile: CompileExplain): Explain =>
    explainPlain(node, childrenOf(node).map(compile), evaluateOver(node, plain[node.kind] as MakePlain))
  const explainers: Explainers = {
    const: (node) => known(node, () => node.value),
    param: (node) => {
      const key = `${node.library}.${node.name}`
      return (_, { plain: { parameters } }) => settled(node, parameters.get(key) ?? null)
    },
    variable: (node) => (variables) => {
      const bound = variables[node.variable.id]
      return {
        node,
        value: bound?.value ?? null,
        fault: undefined,
        lineage: bound?.lineage ?? restsOnNothing,
        parts: [],
      }
    },
    ref: (node) => (_, session) => ({ ...within(node, session.define(node.define)), parts: [] }),
    call: (node, compile) => explainCall(node, node.args.map(compile), functions),
    retrieve: (node, compile) => explainRetrieve(node, compile, model),
    coalesce: (node, compile) => explainCoalesce(node, node.args.map(compile)),
    case: explainCase,
    return: explainReturn,
    sort: explainSort,
    fold: explainFold,
    operator: plainExplain,
    path: plainExplain,
    is: plainExplain,
    as: plainExplain,
    tuple: plainExplain,
    instance: plainExplain,
    list: plainExplain,
    interval: plainExplain,
  }
  const compile: CompileExplain = (node) => {
    const make = explainers[node.kind] as (node: CoreNode, compile: CompileExplain) => Explain
    return remembered(node, guarded(node, make(node, compile)))
  }
  for (const [key, body] of core.functions) functions.set(key, compile(body.root))
  return new Map([...core.defines].map(([key, body]) => [key, compile(body.root)]))
}

type MakePlain = (node: PlainNode, compile: Compile) => Evaluate

/** The closure of a node over the values of what it is made of, in their order. */
function evaluateOver(node: PlainNode, make: MakePlain): Evaluate {
  const parts = childrenOf(node)
  const operand = (child: CoreNode): Evaluate => {
    const at = parts.indexOf(child)
    return (values) => values[at] ?? null
  }
  return make(node, Object.assign(operand, { build: operand, nested: false }))
}

const settled = (node: CoreNode, value: Value): Run => ({
  node,
  value,
  fault: undefined,
  lineage: restsOnNothing,
  parts: [],
})

/** What is the same for everybody. */
function known(node: CoreNode, value: () => Value): Explain {
  const run = settled(node, value())
  return () => run
}

/** What another run came to, as this node's. */
const within = (node: CoreNode, { value, fault, lineage }: Run): Run => ({ node, value, fault, lineage, parts: [] })

/** A fault of a part, as the whole's: it stands whatever becomes of the other parts. */
const failedBy = (node: CoreNode, failed: Run, parts: readonly Run[]): Run => ({ ...within(node, failed), parts })

/** What is thrown is the run's fault; it may rest on anything. */
function guarded(node: CoreNode, explain: Explain): Explain {
  return (variables, session) => {
    try {
      return explain(variables, session)
    } catch (fault) {
      return { node, value: null, fault, lineage: restsOn(session.everything), parts: [] }
    }
  }
}

const worthRemembering = new Set<CoreNode['kind']>(['call', 'retrieve', 'operator', 'return', 'sort', 'fold', 'case'])

/** What looks at no variable is found once for a person, wherever it stands. */
function remembered(node: CoreNode, explain: Explain): Explain {
  if (!worthRemembering.has(node.kind) || freeVariables(node).size > 0) return explain
  return (variables, session) => {
    const run = session.memo.get(node) ?? explain(variables, session)
    session.memo.set(node, run)
    return run
  }
}

function explainPlain(node: PlainNode, parts: readonly Explain[], evaluate: Evaluate): Explain {
  return (variables, session) => {
    const runs = parts.map((part) => part(variables, session))
    const failed = runs.find(({ fault }) => fault !== undefined)
    if (failed !== undefined) return failedBy(node, failed, runs)
    try {
      const value = evaluate(
        runs.map((run) => run.value),
        session.plain,
      )
      const lineage = lineageOf(node, runs, value, session.plain.env)
      return { node, value, fault: undefined, lineage, parts: runs }
    } catch (fault) {
      return { node, value: null, fault, lineage: restsOn(union(runs.map((run) => run.lineage.all))), parts: runs }
    }
  }
}

function explainCall(node: Node<'call'>, args: readonly Explain[], functions: ReadonlyMap<string, Explain>): Explain {
  return (variables, session) => {
    const runs = args.map((arg) => arg(variables, session))
    const failed = runs.find(({ fault }) => fault !== undefined)
    if (failed !== undefined) return failedBy(node, failed, runs)
    const body = functions.get(node.function)?.([...runs], session)
    return body === undefined ? settled(node, null) : { ...within(node, body), parts: [...runs, body] }
  }
}

/** The resources that are found; each goes with itself alone. */
function explainRetrieve(node: Node<'retrieve'>, compile: CompileExplain, model: ModelAccess): Explain {
  const codes = node.codes === undefined ? undefined : compile(node.codes.value)
  const retrieve = model.retrieve(node, codes === undefined ? undefined : (values) => values[0] ?? null)
  return (variables, session) => {
    const asked = codes?.(variables, session)
    const parts = asked === undefined ? [] : [asked]
    if (asked?.fault !== undefined) return failedBy(node, asked, parts)
    const value = retrieve(asked === undefined ? [] : [asked.value], session.plain)
    const items = (value as readonly Value[]).map((resource): ItemLineage => {
      const own = session.bitOf(resource)
      return { own, presence: own, lineage: restsOn(own) }
    })
    return { node, value, fault: undefined, lineage: listLineage(asked?.lineage.all ?? 0n, items), parts }
  }
}

function explainCoalesce(node: Node<'coalesce'>, args: readonly Explain[]): Explain {
  return (variables, session) => {
    const parts: Run[] = []
    for (const arg of args) {
      const run = arg(variables, session)
      parts.push(run)
      if (run.value !== null || run.fault !== undefined) break
    }
    return chosen(node, parts)
  }
}

/** The last of the parts is the value; the others led to it. */
function chosen(node: CoreNode, parts: readonly Run[]): Run {
  const last = parts.at(-1)
  if (last === undefined) return settled(node, null)
  const passed = union(parts.slice(0, -1).map(({ lineage }) => lineage.all))
  return { ...within(node, last), lineage: withMore(last.lineage, passed), parts }
}

function explainCase(node: Node<'case'>, compile: CompileExplain): Explain {
  const branches = node.branches.map(({ when, result }) => ({ when: compile(when), result: compile(result) }))
  const otherwise = compile(node.otherwise)
  return (variables, session) => {
    const parts: Run[] = []
    for (const { when, result } of branches) {
      const run = when(variables, session)
      parts.push(run)
      if (run.fault !== undefined) return chosen(node, parts)
      if (run.value === true) return chosen(node, [...parts, result(variables, session)])
    }
    return chosen(node, [...parts, otherwise(variables, session)])
  }
}
