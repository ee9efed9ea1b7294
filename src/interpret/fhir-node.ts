import { type AnyTypeSpecifier, Code, type RecordObject } from 'cql-execution'
import { fault } from '../base/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'
import type { ElementRule, FhirClass, FhirClasses } from './fhir-class.ts'
import type { SystemValues } from './system-value.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * JSON seen as an instance of a class of the FHIR model: the record object that cql-execution works with. It does
 * what cql-exec-fhir's FHIRObject does, but reads lazily, remembers what it read, and has one enumerable property
 * of its own: cql-execution takes those as the object's value when it compares. For a resource that is `Type/id`
 * (two resources are equal when they are the same one), for anything else its JSON.
 */
export class FhirNode implements RecordObject {
  readonly #reader: NodeReader
  readonly #class: FhirClass
  readonly #json: Json
  readonly #read = new Map<string, unknown>()

  constructor(reader: NodeReader, fhirClass: FhirClass, json: Json) {
    this.#reader = reader
    this.#class = fhirClass
    this.#json = json
    const identity = fhirClass.isResource && typeof json['id'] === 'string' ? `${fhirClass.name}/${json['id']}` : json
    Object.defineProperty(this, '$value', { value: identity, enumerable: true })
  }

  /** The JSON that this is a view of: the very object of the record. */
  static jsonOf(node: FhirNode): Json {
    return node.#json
  }

  static classOf(node: FhirNode): FhirClass {
    return node.#class
  }

  /**
   * An element's value by a path (`code`, `code.coding`, `valueQuantity`); null where there is none. Not undefined:
   * cql-execution would look for the name elsewhere (a define of that name), and its `is` throws on it.
   */
  get(path: string): unknown {
    if (this.#read.has(path)) return this.#read.get(path)
    const dot = path.indexOf('.')
    const value = dot === -1 ? this.#element(path) : stepInto(this.get(path.slice(0, dot)), path.slice(dot + 1))
    this.#read.set(path, value)
    return value
  }

  #element(name: string): unknown {
    const rule = this.#class.elements.get(name)
    return rule === undefined ? null : (this.#reader.read(this.#json, rule) ?? null)
  }

  getId(): unknown {
    return this.#json['id']
  }

  /** Remembered too: every retrieve of a type asks each resource for its codes. */
  getCode(path: string): unknown {
    const key = `${path} as code`
    if (this.#read.has(key)) return this.#read.get(key)
    const code = codeOf(this.get(path))
    this.#read.set(key, code)
    return code
  }

  getDate(path: string): unknown {
    return plainValue(this.get(path))
  }

  getDateOrInterval(path: string): unknown {
    return plainValue(this.get(path))
  }

  /** Required by cql-execution: is this an instance of the named type or of a descendant? */
  _is(type: AnyTypeSpecifier): boolean {
    return 'name' in type && this.#class.types.has(type.name)
  }
}

function stepInto(value: unknown, rest: string): unknown {
  return value instanceof FhirNode ? value.get(rest) : null
}

function plainValue(value: unknown): unknown {
  return value instanceof FhirNode ? (value.get('value') ?? value) : value
}

/** The code or codes of a CodeableConcept, Coding or code; lists give lists. */
function codeOf(value: unknown): unknown {
  if (value === null || value === undefined || value instanceof Code) return value
  if (Array.isArray(value)) return value.map(codeOf)
  if (!(value instanceof FhirNode)) return undefined
  const type = FhirNode.classOf(value).name
  if (type === 'CodeableConcept') return codeOf(value.get('coding'))
  if (type !== 'Coding') return plainValue(value)
  const [code, system, version, display] = ['code.value', 'system.value', 'version.value', 'display.value'].map(
    (path) => (value.get(path) ?? undefined) as string | undefined,
  )
  return code === undefined ? undefined : new Code(code, system, version, display)
}

/** The subclasses of FhirNode of one model: made once, shared by everybody. */
export class NodeShapes {
  readonly classes: FhirClasses
  readonly #shapes = new Map<FhirClass, typeof FhirNode>()

  constructor(classes: FhirClasses) {
    this.classes = classes
  }

  /** A subclass per FHIR class: its getters stand on the prototype, not on every object. */
  of(fhirClass: FhirClass): typeof FhirNode {
    const known = this.#shapes.get(fhirClass)
    if (known !== undefined) return known
    const shape = class extends FhirNode {}
    for (const name of fhirClass.elements.keys()) {
      Object.defineProperty(shape.prototype, name, {
        get(this: FhirNode) {
          return this.get(name)
        },
      })
    }
    this.#shapes.set(fhirClass, shape)
    return shape
  }
}

/** Reads the JSON of one person into nodes and system values. */
export class NodeReader {
  readonly #shapes: NodeShapes
  readonly #values: SystemValues

  constructor(shapes: NodeShapes, values: SystemValues) {
    this.#shapes = shapes
    this.#values = values
  }

  /** A node of a class by name. A resource is of the class that it says it is. */
  node(className: string, data: unknown): FhirNode {
    if (!isObject(data)) throw malformed(className)
    const own = typeof data['resourceType'] === 'string' ? this.#shapes.classes.find(data['resourceType']) : undefined
    const fhirClass = own ?? this.#shapes.classes.find(className)
    if (fhirClass === undefined) throw unknownClass(className)
    return new (this.#shapes.of(fhirClass))(this, fhirClass, fhirClass.name === 'Coding' ? foldCoding(data) : data)
  }

  /** The element that a rule describes; undefined where the JSON has none. */
  read(json: Json, rule: ElementRule): unknown {
    switch (rule.kind) {
      case 'system':
        return this.#values.read(json[rule.property], rule.type)
      case 'named': {
        const data = rule.primitive ? primitiveOf(json, rule.property) : json[rule.property]
        return data === null || data === undefined ? data : this.node(rule.type, data)
      }
      case 'list':
        return this.#list(json, rule.property, rule.type, rule.primitive)
      case 'choice': {
        const present = rule.options.find((option) => option.kind !== 'choice' && isPresent(json, option.property))
        return present === undefined ? undefined : this.read(json, present)
      }
    }
  }

  #list(json: Json, property: string, type: string, primitive: boolean): unknown {
    const data = primitive ? primitivesOf(json, property) : json[property]
    if (data === null || data === undefined) return data
    if (!Array.isArray(data)) throw malformed(`list of ${type}`)
    return data.map((item: unknown) => (item === null || item === undefined ? item : this.node(type, item)))
  }
}

const isPresent = (json: Json, property: string) =>
  (json[property] !== undefined && json[property] !== null) || isObject(json[`_${property}`])

/** A FHIR primitive is spread over `x` and `_x` (id, extensions): both make one object with `value`. */
function primitiveOf(json: Json, property: string): unknown {
  return joinPrimitive(json[property], json[`_${property}`])
}

function primitivesOf(json: Json, property: string): unknown {
  const values = json[property]
  const extras = json[`_${property}`]
  if (values === undefined && extras === undefined) return undefined
  if ((values !== undefined && !Array.isArray(values)) || (extras !== undefined && !Array.isArray(extras)))
    return values
  const length = Math.max(values?.length ?? 0, extras?.length ?? 0)
  return Array.from({ length }, (_, index) => joinPrimitive(values?.[index], extras?.[index]))
}

function joinPrimitive(value: unknown, extra: unknown): unknown {
  const hasValue = value !== undefined && value !== null
  if (!isObject(extra)) return hasValue ? { value } : value
  return hasValue ? { value, ...extra } : extra
}

/** One code system comes under several URIs; the logic knows one of them. */
function foldCoding(coding: Json): Json {
  const system = coding['system']
  if (typeof system !== 'string') return coding
  const folded = foldSystem(system)
  return folded === system ? coding : { ...coding, system: folded }
}

function malformed(wanted: string) {
  return fault('input', 'interpret/malformed-element', `An element is not of the shape that FHIR wants (${wanted}).`, {
    remedy: 'Correct the resource at its source and load it again.',
  })
}

function unknownClass(name: string) {
  return fault('input', 'interpret/unknown-class', `The FHIR model has no class ${name}.`)
}
