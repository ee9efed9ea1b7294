import { invariant } from '../base/index.ts'
import { type Core, type CoreNode, Instance, isAny, runFault, type Value } from '../core/index.ts'
import type { Evaluate, Session } from './closure.ts'
import type { Compile } from './memo.ts'
import { operatorClosure } from './operator.ts'
import { elementReader, type ReaderOf } from './path.ts'
import { foldClosure, returnClosure, sortClosure } from './query.ts'
import { instanceClosure, intervalClosure, tupleClosure } from './structure.ts'
import { castClosure, type IsSubclass, typeTestClosure } from './type-test.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Compilers = { readonly [K in CoreNode['kind']]: (node: Node<K>, compile: Compile) => Evaluate }

/** What a data model contributes: how its objects are read, how its classes derive, how resources are found. */
export interface ModelAccess {
  readonly readerOf: ReaderOf
  readonly isSubclass: IsSubclass
  retrieve(node: Node<'retrieve'>, codes: Evaluate | undefined): Evaluate
}

/** Closures of every define of a core, by `Library.Name`. */
export interface CompiledCore {
  /** Functions by key; each is given its operands as its variables. */
  readonly functions: ReadonlyMap<string, Evaluate>
  readonly defines: ReadonlyMap<string, Evaluate>
  /** Values of parameters that nobody gave, by `Library.Name`. */
  readonly initials: ReadonlyMap<string, Evaluate>
}

/** Nodes whose value follows from the values of all nodes that they are made of, and from nothing else. */
export type PlainNode = Node<'operator' | 'path' | 'is' | 'as' | 'tuple' | 'instance' | 'list' | 'interval'>
type PlainCompilers = { readonly [K in PlainNode['kind']]: (node: Node<K>, compile: Compile) => Evaluate }

/** What plain nodes mean, whoever evaluates what they are made of. */
export function plainCompilers(model: ModelAccess): PlainCompilers {
  return {
    path: ({ source, path }, compile) => {
      const value = compile(source)
      const [first, ...further] = path
      if (first === undefined) return value
      const isSure = source.type.kind === 'system' && !isAny(source.type)
      const read = elementReader(first, model.readerOf, isSure)
      const element: Evaluate = (variables, session) => read(value(variables, session), session)
      return further
        .map((name) => elementReader(name, model.readerOf))
        .reduce<Evaluate>((of, next) => (variables, session) => next(of(variables, session), session), element)
    },
    operator: (node, compile) =>
      operatorClosure(
        node,
        node.args.map((arg) => compile(arg)),
      ),
    is: (node, compile) => typeTestClosure(node, compile, model.isSubclass),
    as: (node, compile) => castClosure(node, compile, model.isSubclass),
    tuple: tupleClosure,
    instance: instanceClosure,
    list: (node, compile) => {
      const items = node.items.map((item) => compile(item))
      return (variables, session) => items.map((item) => item(variables, session))
    },
    interval: intervalClosure,
  }
}

/** Compiles core to closures: once for all persons. */
export function compileCore(core: Core, model: ModelAccess): CompiledCore {
  const functions = new Map<string, Evaluate>()
  const build = (node: CoreNode, inner: Compile): Evaluate =>
    (compilers[node.kind] as (node: CoreNode, compile: Compile) => Evaluate)(node, inner)
  const compile: Compile = Object.assign((node: CoreNode): Evaluate => build(node, compile), {
    build,
    nested: false,
  })
  const compilers: Compilers = {
    ...plainCompilers(model),
    const:
      ({ value }) =>
      () =>
        value,
    variable: ({ variable }) => {
      const id = variable.id
      return (variables) => variables[id] ?? null
    },
    param: ({ library, name }) => {
      const key = `${library}.${name}`
      return (_, session) => session.parameters.get(key) ?? null
    },
    ref:
      ({ define }) =>
      (_, session) =>
        session.define(define),
    call: (node, compile) => callClosure(node, compile, functions),
    retrieve: (node, compile) => model.retrieve(node, node.codes === undefined ? undefined : compile(node.codes.value)),
    coalesce: (node, compile) => coalesceClosure(node.args.map((arg) => compile(arg))),
    case: caseClosure,
    return: returnClosure,
    sort: sortClosure,
    fold: foldClosure,
  }
  for (const [key, body] of core.functions) functions.set(key, compile(body.root))
  const bodies = [...core.defines].map(([key, body]) => [key, inFrame(compile(body.root), body.variables)] as const)
  const initials = [...core.parameters].flatMap(([key, { initial }]) =>
    initial === undefined ? [] : [[key, inFrame(compile(initial.root), initial.variables)] as const],
  )
  return { functions, defines: new Map(bodies), initials: new Map(initials) }
}

function frameOf(size: number): Value[] {
  const variables: Value[] = []
  for (let id = 0; id < size; id += 1) variables.push(null)
  return variables
}

/** A body with variables of its own. */
function inFrame(evaluate: Evaluate, size: number): Evaluate {
  return (_, session) => evaluate(frameOf(size), session)
}

/** Operands are evaluated first, then the function's body over variables of its own. */
function callClosure(node: Node<'call'>, compile: Compile, functions: ReadonlyMap<string, Evaluate>): Evaluate {
  const args = node.args.map((arg) => compile(arg))
  let body: Evaluate | undefined
  const call = (operands: Value[], session: Session): Value => {
    body ??= functions.get(node.function)
    invariant(body !== undefined, `the function ${node.function} is compiled before it is called`)
    session.callsLeft -= 1
    if (session.callsLeft < 0)
      throw runFault('too-many-calls', 'The functions call each other more often than one evaluation may.')
    return body(operands, session)
  }
  const [only] = args
  if (only === undefined || args.length > 1)
    return (variables, session) =>
      call(
        args.map((arg) => arg(variables, session)),
        session,
      )
  return (variables, session) => {
    const operand = only(variables, session)
    return operand instanceof Instance ? callOnce(node.function, operand, call, session) : call([operand], session)
  }
}

/** So many values of a function are kept for a person: logic can make any number of objects. */
const mostKept = 10_000

/** Many ask the same of one object of the record, and what a function gives for it does not change. */
function callOnce(
  key: string,
  operand: Instance,
  call: (operands: Value[], session: Session) => Value,
  session: Session,
): Value {
  const kept = session.callsOf(key)
  const known = kept.get(operand)
  if (known !== undefined) return known
  const value = call([operand], session)
  if (kept.size < mostKept) kept.set(operand, value)
  return value
}

function coalesceClosure(args: readonly Evaluate[]): Evaluate {
  return (variables, session) => {
    for (const arg of args) {
      const value = arg(variables, session)
      if (value !== null) return value
    }
    return null
  }
}

function caseClosure(node: Node<'case'>, compile: Compile): Evaluate {
  const branches = node.branches.map(({ when, result }) => ({ when: compile(when), result: compile(result) }))
  const otherwise = compile(node.otherwise)
  return (variables, session) => {
    for (const { when, result } of branches) if (when(variables, session) === true) return result(variables, session)
    return otherwise(variables, session)
  }
}

/** A model of nothing: for logic that reads no resources. */
export const noModel: ModelAccess = {
  readerOf: (name) => (instance) => {
    throw runFault('no-element', `A ${instance.type} has no element "${name}".`)
  },
  isSubclass: (type, base) => type === base,
  retrieve: () => () => {
    throw runFault('no-model', 'There is no data model to retrieve from.')
  },
}
