import { type Result, success } from '../base/index.ts'
import { type InstalledMeasure, supplementalDataOf } from '../content/index.ts'
import {
  Code,
  Concept,
  type Core,
  type CoreNode,
  type CoreType,
  compileDefines,
  isList,
  Vocabulary,
} from '../core/index.ts'
import type { LibraryClosure } from '../elm/index.ts'
import { type Coding, isObject } from '../fhir/index.ts'
import { logicOf } from './observation-logic.ts'

/** The codes by which a retrieve narrows what it reads. */
export interface CodeNeed {
  readonly path: string
  /** Canonical of the value set; absent where codes are named. */
  readonly valueSet?: string
  readonly codes: readonly Coding[]
}

/** What a retrieve of the logic reads. */
export interface DataNeed {
  /** FHIR resource type. */
  readonly type: string
  /** Canonical of the profile that is retrieved, where the logic's model has one of its own. */
  readonly profile?: string
  readonly codes?: CodeNeed
  /** Elements that the logic reads of such resources, sorted. */
  readonly elements: readonly string[]
}

/** What the logic of a library reads: one need for each kind of retrieve, and its parameters. */
export interface LogicNeeds {
  readonly needs: readonly DataNeed[]
  readonly parameters: readonly { readonly name: string; readonly type: CoreType }[]
}

/** What a measure's populations, strata, observations and supplemental data read. Failure: those of `compileDefines`. */
export function measureNeeds(measure: InstalledMeasure): Result<LogicNeeds> {
  const { closure, defines, observations } = logicOf(measure)
  const supplement = supplementalDataOf(measure.resource).map(({ define }) => define)
  const known = new Set((closure.main.statements?.def ?? []).map(({ name }) => name))
  return logicNeeds(
    closure,
    [...new Set([...defines, ...observations, ...supplement])].filter((name) => known.has(name)),
  )
}

/** The types of resources that some defines read, the patient's own among them. Failure: those of `compileDefines`. */
export function typesRead(closure: LibraryClosure, defines: readonly string[]): Result<readonly string[]> {
  const found = logicNeeds(closure, defines)
  return found.ok ? success([...new Set(found.value.needs.map(({ type }) => type))]) : found
}

/** What all defines of a library read. */
export function libraryNeeds(closure: LibraryClosure): Result<LogicNeeds> {
  const defines = (closure.main.statements?.def ?? []).filter(
    ({ type, name }) => type !== 'FunctionDef' && name !== 'Patient',
  )
  return logicNeeds(
    closure,
    defines.map(({ name }) => name),
  )
}

function logicNeeds(closure: LibraryClosure, defines: readonly string[]): Result<LogicNeeds> {
  const core = compileDefines(closure, defines)
  if (!core.ok) return core
  const nodes = nodesOf(core.value)
  const elements = elementsRead(nodes)
  const needs = new Map<string, DataNeed>()
  for (const node of nodes) {
    if (node.kind !== 'retrieve') continue
    const { elements: _none, ...need } = needOf(core.value, node)
    const read = [...(elements.get(itemName(node.type)) ?? []), ...(need.codes === undefined ? [] : [need.codes.path])]
    needs.set(JSON.stringify(need), { ...need, elements: [...new Set(read)].sort() })
  }
  const sorted = [...needs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, need]) => need)
  const patient = sorted.some(({ type }) => type === 'Patient')
  const read = [...(elements.get('Patient') ?? [])].sort()
  const parameters = [...core.value.parameters.values()].map(({ name, type }) => ({ name, type }))
  return success({
    needs: patient ? sorted : [{ type: 'Patient', elements: read }, ...sorted],
    parameters: [...new Map(parameters.map((parameter) => [parameter.name, parameter])).values()],
  })
}

/** Every node of what was compiled, once. */
function nodesOf(core: Core): readonly CoreNode[] {
  const seen = new Set<object>()
  const found: CoreNode[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) visit(item)
      return
    }
    if (!isObject(value) || seen.has(value) || value instanceof Vocabulary) return
    seen.add(value)
    if (typeof value['kind'] === 'string' && isObject(value['origin'])) found.push(value as unknown as CoreNode)
    for (const [key, inner] of Object.entries(value)) if (key !== 'type' && key !== 'origin') visit(inner)
  }
  for (const body of [...core.defines.values(), ...core.functions.values()]) visit(body.root)
  return found
}

/** The elements that paths read, by the name of the class that holds them: the longest path from a resource. */
function elementsRead(nodes: readonly CoreNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>()
  const inner = new Set(nodes.flatMap((node) => (node.kind === 'path' ? [node.source] : [])))
  for (const node of nodes) {
    if (node.kind !== 'path' || inner.has(node)) continue
    const { root, path } = pathFrom(node)
    for (const name of classesOf(root)) read.set(name, (read.get(name) ?? new Set()).add(path))
  }
  return read
}

function pathFrom(node: Extract<CoreNode, { kind: 'path' }>): { readonly root: CoreType; readonly path: string } {
  const own = node.path.filter((name) => name !== 'value')
  const inner = node.source.kind === 'path' ? pathFrom(node.source) : { root: node.source.type, path: '' }
  const path = [inner.path, ...own].filter((part) => part !== '').join('.')
  return { root: inner.root, path }
}

function classesOf(type: CoreType): readonly string[] {
  if (type.kind === 'class') return [type.name]
  if (type.kind === 'list') return classesOf(type.of)
  return type.kind === 'choice' ? type.of.flatMap(classesOf) : []
}

const itemName = (type: CoreType): string => classesOf(type)[0] ?? ''

type RetrieveNode = Extract<CoreNode, { kind: 'retrieve' }>

function needOf(core: Core, node: RetrieveNode): DataNeed {
  const type = resourceTypeOf(node.dataType)
  const own = `http://hl7.org/fhir/StructureDefinition/${type}`
  const profile = node.templateId === undefined || node.templateId === own ? {} : { profile: node.templateId }
  const codes = node.codes === undefined ? undefined : codesOf(core, node.codes)
  return { type, ...profile, ...(codes === undefined ? {} : { codes }), elements: [] }
}

/** The resource type of a class of the model: `FHIR.Encounter`. */
const resourceTypeOf = (className: string): string => className.slice(className.lastIndexOf('.') + 1)

/** The value set or the codes that a retrieve compares with; undefined where they are computed, and so not known. */
function codesOf(core: Core, { path, comparator, value }: NonNullable<RetrieveNode['codes']>): CodeNeed | undefined {
  const found = constantsIn(core, value, new Set())
  const vocabulary = found.find((one) => one instanceof Vocabulary)
  // By `~` a value set finds what is marked as not done for it: such resources need not have one of its codes.
  if (vocabulary instanceof Vocabulary && comparator === '~') return undefined
  if (vocabulary instanceof Vocabulary) {
    const { id, version } = vocabulary
    return { path, valueSet: version === null ? id : `${id}|${version}`, codes: [] }
  }
  const codes = found.flatMap((one) => (one instanceof Code ? [one] : one instanceof Concept ? one.codes : []))
  return codes.length === 0 ? undefined : { path, codes: codes.map(codingOf) }
}

const codingOf = ({ code, system, display }: Code): Coding => ({
  ...(system === null ? {} : { system }),
  ...(code === null ? {} : { code }),
  ...(display === null ? {} : { display }),
})

/** Constants below a node, through the defines that it names. */
function constantsIn(core: Core, node: CoreNode, seen: Set<string>): readonly unknown[] {
  if (node.kind === 'const') return isList(node.value) ? [...node.value] : [node.value]
  if (node.kind === 'ref') {
    const body = core.defines.get(node.define)
    if (body === undefined || seen.has(node.define)) return []
    seen.add(node.define)
    return constantsIn(core, body.root, seen)
  }
  if (node.kind === 'operator') return node.args.flatMap((arg) => constantsIn(core, arg, seen))
  if (node.kind === 'list') return node.items.flatMap((item) => constantsIn(core, item, seen))
  if (node.kind === 'instance' || node.kind === 'tuple')
    return node.fields.flatMap(({ value }) => constantsIn(core, value, seen))
  return node.kind === 'path' ? constantsIn(core, node.source, seen) : []
}
