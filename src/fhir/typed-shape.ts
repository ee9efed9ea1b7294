import { fault } from '../base/index.ts'
import { fhirModelInfo, type ModelClass, type ModelElement, type ModelInfo } from './model-info.ts'
import { typedPaths } from './typed-paths.ts'

/** What a value of the model becomes: one rule per datatype, the same wherever it stands. */
export type Shape =
  | { readonly kind: 'text' | 'boolean' | 'integer' | 'decimal' | 'date' }
  /** Of the values of some resources: the forms that they are written in, as a sum of powers of two; absent where it is not known. */
  | { readonly kind: 'dateTime'; readonly forms?: number }
  | { readonly kind: 'concept' | 'coding' | 'reference' | 'quantity' }
  /** Held in raw only; that it is there is known. A resource is irregular by it, unless only for whom it is read. */
  | { readonly kind: 'opaque'; readonly onlyWhereRead?: true }
  | { readonly kind: 'structure'; readonly fields: readonly Field[] }

/** One way that an element can be filled: the datatype and its JSON key (`valueQuantity`). */
export interface FieldOption {
  readonly type: string
  readonly key: string
  readonly shape: Shape
  /** Of the fields of one store, or of a part of it: no resource there is filled so. */
  readonly empty?: true
}

/** An element: a single option, or several where it is a choice. */
export interface Field {
  readonly name: string
  readonly repeats: boolean
  readonly choice: boolean
  readonly options: readonly FieldOption[]
}

/** Datatypes that no quality measure compares as a choice's value. */
const opaqueTypes = new Set([
  'Address',
  'Annotation',
  'Attachment',
  'Element',
  'ElementDefinition',
  'Extension',
  'Meta',
  'Narrative',
  'Resource',
  'SampledData',
  'Signature',
])

/** Held in raw only where it is one kind of a choice; as an element of its own it has columns. */
const opaqueKinds = new Set(['ContactPoint', 'Dosage', 'HumanName', 'Identifier', 'Money', 'Timing'])

const systemShapes: Readonly<Record<string, Shape>> = {
  'System.String': { kind: 'text' },
  'System.Time': { kind: 'text' },
  'System.Boolean': { kind: 'boolean' },
  'System.Integer': { kind: 'integer' },
  'System.Decimal': { kind: 'decimal' },
  'System.Date': { kind: 'date' },
  'System.DateTime': { kind: 'dateTime' },
}

const typeShapes: Readonly<Record<string, Shape>> = {
  CodeableConcept: { kind: 'concept' },
  Coding: { kind: 'coding' },
  Reference: { kind: 'reference' },
  Quantity: { kind: 'quantity' },
}

/** The kinds of an extension's value that have columns. */
const extensionKinds =
  'boolean code date dateTime decimal instant integer string uri CodeableConcept Coding Period Quantity Reference'.split(
    ' ',
  )

const leftOut = new Set(['id', 'extension', 'modifierExtension'])

/** The resource types that have a typed table. */
export const typedResourceTypes: readonly string[] = Object.keys(typedPaths)

/**
 * The columns of a resource type, from the model and the list of paths; undefined for a type that is read from raw
 * only. Fault: `fhir/typed-path-unknown` where a listed path is not in the model.
 */
export function typedFields(type: string): readonly Field[] | undefined {
  const known = made.get(type)
  const paths = typedPaths[type]
  if (known !== undefined || paths === undefined) return known
  const model = fhirModelInfo()
  const fields = [
    ...fieldsOf(model, classNamed(model, type), paths.trim().split(/\s+/)),
    extensionField(model, 'extension'),
    extensionField(model, 'modifierExtension'),
  ]
  made.set(type, fields)
  return fields
}

const made = new Map<string, readonly Field[]>()

/** Paths of one class, `a`, `b.c`, `b.d` -> fields a and b, b with the fields c and d. */
function fieldsOf(model: ModelInfo, owner: ModelClass, paths: readonly string[]): Field[] {
  const children = new Map<string, string[]>()
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.')
    const below = children.get(head) ?? []
    children.set(head, rest.length === 0 ? below : [...below, rest.join('.')])
  }
  return [...children].map(([path, below]) => {
    const [name = '', kinds] = path.split(':')
    const element = owner.elements.find((candidate) => candidate.name === name)
    if (element === undefined)
      throw fault('bug', 'fhir/typed-path-unknown', `The model has no element ${owner.name}.${name}.`)
    return fieldOf(model, element, below, [owner.name], kinds?.split('|'))
  })
}

function fieldOf(
  model: ModelInfo,
  element: ModelElement,
  below: readonly string[],
  owners: readonly string[],
  kinds?: readonly string[],
): Field {
  const { name, types, repeats } = element
  const choice = types.length > 1
  const options = types.map((type) => ({
    type,
    key: choice ? name + type.charAt(0).toUpperCase() + type.slice(1) : name,
    shape:
      choice && (opaqueKinds.has(type) || kinds?.includes(type) === false)
        ? ({ kind: 'opaque' } as const)
        : shapeOf(model, type, below, owners),
  }))
  return { name, repeats, choice, options }
}

function shapeOf(model: ModelInfo, type: string, below: readonly string[], owners: readonly string[]): Shape {
  const known = systemShapes[type] ?? typeShapes[type]
  if (known !== undefined) return known
  if (opaqueTypes.has(type) || owners.includes(type)) return { kind: 'opaque' }
  const found = classNamed(model, type)
  if (below.length > 0) return { kind: 'structure', fields: fieldsOf(model, found, below) }
  const value = found.elements.find((element) => element.name === 'value')
  const primitive = value === undefined ? undefined : systemShapes[value.types[0] ?? '']
  if (primitive !== undefined) return primitive
  if (isQuantity(model, found)) return { kind: 'quantity' }
  const fields = found.elements
    .filter((element) => !leftOut.has(element.name))
    .map((element) => fieldOf(model, element, [], [...owners, type]))
  return { kind: 'structure', fields }
}

/** Extensions of a resource, and those within each of them: what lies deeper is in raw only. */
function extensionField(model: ModelInfo, name: 'extension' | 'modifierExtension', isNested = false): Field {
  const owner = classNamed(model, 'Extension')
  const [url, value] = ['url', 'value'].map((part) => owner.elements.find((element) => element.name === part))
  if (url === undefined || value === undefined)
    throw fault('bug', 'fhir/typed-path-unknown', 'The model has no url or value of an extension.')
  const { options, ...choice } = fieldOf(model, value, [], [owner.name], extensionKinds)
  const told = options.map((option) => (option.shape.kind === 'opaque' ? { ...option, shape: opaqueValue } : option))
  const nested = isNested ? [] : [extensionField(model, 'extension', true)]
  const fields = [fieldOf(model, url, [], [owner.name]), { ...choice, options: told }, ...nested]
  return {
    name,
    repeats: true,
    choice: false,
    options: [{ type: owner.name, key: name, shape: { kind: 'structure', fields } }],
  }
}

/** Most records hold extensions that nobody reads: an address for a birth place makes no one irregular. */
const opaqueValue: Shape = { kind: 'opaque', onlyWhereRead: true }

function isQuantity(model: ModelInfo, found: ModelClass): boolean {
  if (found.name === 'Quantity') return true
  const base = found.base === undefined ? undefined : model.classOf(found.base)
  return base !== undefined && isQuantity(model, base)
}

function classNamed(model: ModelInfo, name: string): ModelClass {
  const found = model.classOf(name)
  if (found === undefined) throw fault('bug', 'fhir/model-class-unknown', `The model has no class ${name}.`)
  return found
}
