import type { ElmLibrary, ElmNode } from '../../elm/index.ts'
import { foldSystem } from '../../fhir/index.ts'
import { declaredType, typeOfSpecifier } from '../elm-type.ts'
import { memberType } from '../model-type.ts'
import type { CoreNode } from '../node.ts'
import { anyType, booleanType, type CoreType, isAny, listType, systemType } from '../type.ts'
import { Code, Concept, Vocabulary } from '../value/value.ts'
import { type Context, child, children, type LowerNode } from './context.ts'
import { constant } from './selector.ts'
import { tooDeep } from './too-deep.ts'

/** Variables live apart by how they are referred to: a let may bear the name of an operand. */
const variableRef =
  (namespace: 'alias' | 'let' | 'operand'): LowerNode =>
  (node, context) => {
    const variable = context.scope.variables.get(`${namespace}:${String(node['name'])}`)
    return variable === undefined
      ? context.refuse(node, 'unknown-name', `Nothing here is named ${String(node['name'])}.`)
      : { kind: 'variable', variable, type: variable.type, origin: context.originOf(node) }
  }

/** In a sort key, a bare name is an element of what is sorted; `$this` is the thing itself. */
const lowerIdentifier: LowerNode = (node, context) => {
  const item = context.scope.item
  const name = String(node['name'])
  if (item === undefined) return context.refuse(node, 'unknown-name', `Nothing here is named ${name}.`)
  const source: CoreNode = { kind: 'variable', variable: item, type: item.type, origin: context.originOf(node) }
  return name === '$this' ? source : pathNode(source, name, node, context)
}

const lowerProperty: LowerNode = (node, context) => {
  const scope = node['scope']
  const source =
    typeof scope === 'string'
      ? { ...variableRef('alias')({ ...node, name: scope }, context), origin: context.implied }
      : context.lower(child(node, 'source'))
  return pathNode(source, String(node['path']), node, context)
}

/** An element of a source, by a path of names. */
export function pathNode(source: CoreNode, path: string, node: ElmNode, context: Context): CoreNode {
  const names = path.split('.')
  const derived = names.reduce((type, name) => elementType(type, name, context), source.type)
  const type = isAny(derived) ? (declaredType(node) ?? derived) : derived
  return { kind: 'path', source, path: names, type, origin: context.originOf(node) }
}

const elementsOfSystem: Readonly<Record<string, Readonly<Record<string, CoreType>>>> = {
  Quantity: { value: systemType('Decimal'), unit: systemType('String') },
  Ratio: { numerator: systemType('Quantity'), denominator: systemType('Quantity') },
  Code: Object.fromEntries(['code', 'system', 'version', 'display'].map((name) => [name, systemType('String')])),
  Concept: { codes: listType(systemType('Code')), display: systemType('String') },
  ValueSet: { id: systemType('String'), version: systemType('String') },
}

/** The type of an element, where the source's type says it; `Any` where only the value can. */
function elementType(source: CoreType, name: string, context: Context): CoreType {
  switch (source.kind) {
    case 'tuple':
      return source.elements.find((element) => element.name === name)?.type ?? anyType
    case 'interval':
      return name === 'low' || name === 'high' ? source.of : booleanType
    case 'system':
      return elementsOfSystem[source.name]?.[name] ?? anyType
    case 'list': {
      const element = elementType(source.of, name, context)
      return element.kind === 'list' ? element : listType(element)
    }
    default:
      return memberType(source, name, context.program.model)
  }
}

/** The library that a reference means: the one it names, or its own. */
function libraryOf(node: ElmNode, context: Context): ElmLibrary | undefined {
  const alias = node['libraryName']
  if (typeof alias !== 'string') return context.library
  const include = context.library.includes?.def.find((one) => one.localIdentifier === alias)
  return context.program.libraryNamed(include?.path ?? alias, include?.version)
}

function missing(node: ElmNode, context: Context, what: string): CoreNode {
  const library = typeof node['libraryName'] === 'string' ? `${node['libraryName']}.` : ''
  return context.refuse(node, 'missing-definition', `There is no ${what} ${library}"${String(node['name'])}".`)
}

const lowerExpressionRef: LowerNode = (node, context) => {
  const library = libraryOf(node, context)
  const name = String(node['name'])
  const type = library === undefined ? undefined : context.program.defineType(context.program.keyOf(library), name)
  if (library === undefined || type === undefined) return missing(node, context, 'define')
  const define = `${context.program.keyOf(library)}.${name}`
  if (!context.program.depth.reads(define)) return tooDeep(node, context)
  return {
    kind: 'ref',
    define,
    type: isAny(type) ? (declaredType(node) ?? type) : type,
    origin: context.originOf(node),
  }
}

const lowerParameterRef: LowerNode = (node, context) => {
  const library = libraryOf(node, context)
  const name = String(node['name'])
  const type = library === undefined ? undefined : context.program.parameterType(context.program.keyOf(library), name)
  if (library === undefined || type === undefined) return missing(node, context, 'parameter')
  return { kind: 'param', library: context.program.keyOf(library), name, type, origin: context.originOf(node) }
}

const lowerFunctionRef: LowerNode = (node, context) => {
  const library = libraryOf(node, context)
  const name = String(node['name'])
  const args = children(node, 'operand').map((operand) => context.lower(operand))
  const written = children(node, 'signature')
  const signature = written.length === args.length ? written.map(typeOfSpecifier) : undefined
  const found =
    library === undefined
      ? 'unknown'
      : context.program.findFunction(context.program.keyOf(library), name, args, signature)
  if (found === 'unknown') return missing(node, context, 'function')
  if (found === 'external')
    return context.refuse(node, 'external-function', `The function ${name} is external: it has no CQL to run.`)
  if (found === 'recursive')
    return context.refuse(
      node,
      'recursive-function',
      `The function ${name} calls itself.`,
      'Write it without recursion.',
    )
  if (!context.program.depth.reads(found.key)) return tooDeep(node, context)
  return { kind: 'call', function: found.key, args, type: found.type, origin: context.originOf(node) }
}

interface Definition {
  readonly name: string
  readonly [key: string]: unknown
}

function definition(library: ElmLibrary | undefined, section: string, name: unknown): Definition | undefined {
  const definitions = (library?.[section] as { def?: readonly Definition[] } | undefined)?.def
  return definitions?.find((one) => one.name === name)
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const vocabularyRef =
  (section: string, kind: 'valueset' | 'codesystem', type: 'ValueSet' | 'CodeSystem'): LowerNode =>
  (node, context) => {
    const found = definition(libraryOf(node, context), section, node['name'])
    if (found === undefined) return missing(node, context, kind)
    const id = kind === 'codesystem' ? foldSystem(String(found['id'])) : String(found['id'])
    const value = new Vocabulary(kind, id, text(found['version']), found.name)
    return constant(value, systemType(type), node, context)
  }

/** A code definition as a value: its system is the one that the code system definition says. */
function codeOf(library: ElmLibrary | undefined, name: unknown, context: Context): Code | undefined {
  const found = definition(library, 'codes', name)
  if (found === undefined || library === undefined) return undefined
  const reference = found['codeSystem'] as ElmNode | undefined
  const home = reference === undefined ? library : libraryOf(reference, { ...context, library })
  const system = definition(home, 'codeSystems', reference?.['name'])
  const uri = text(system?.['id'])
  return new Code(
    String(found['id']),
    uri === null ? null : foldSystem(uri),
    text(system?.['version']),
    text(found['display']),
  )
}

const lowerCodeRef: LowerNode = (node, context) => {
  const code = codeOf(libraryOf(node, context), node['name'], context)
  return code === undefined ? missing(node, context, 'code') : constant(code, systemType('Code'), node, context)
}

const lowerConceptRef: LowerNode = (node, context) => {
  const library = libraryOf(node, context)
  const found = definition(library, 'concepts', node['name'])
  if (found === undefined) return missing(node, context, 'concept')
  const codes = ((found['code'] ?? []) as readonly ElmNode[]).map((code) => codeOf(library, code['name'], context))
  const known = codes.filter((code) => code !== undefined)
  return known.length < codes.length
    ? missing(node, context, 'code of the concept')
    : constant(new Concept(known, text(found['display'])), systemType('Concept'), node, context)
}

/** References by name. https://cql.hl7.org/elm.html#reusing-logic */
export const referenceTable: Readonly<Record<string, LowerNode>> = {
  AliasRef: variableRef('alias'),
  QueryLetRef: variableRef('let'),
  OperandRef: variableRef('operand'),
  IdentifierRef: lowerIdentifier,
  Property: lowerProperty,
  ExpressionRef: lowerExpressionRef,
  ParameterRef: lowerParameterRef,
  FunctionRef: lowerFunctionRef,
  ValueSetRef: vocabularyRef('valueSets', 'valueset', 'ValueSet'),
  CodeSystemRef: vocabularyRef('codeSystems', 'codesystem', 'CodeSystem'),
  CodeRef: lowerCodeRef,
  ConceptRef: lowerConceptRef,
}
