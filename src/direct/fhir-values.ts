import {
  CqlDate,
  elementNamed,
  Instance,
  parseDate,
  parseDateTime,
  parseDecimal,
  parseTime,
  runFault,
  type Value,
} from '../core/index.ts'
import { foldSystem, isObject, type ModelElement, type ModelInfo } from '../fhir/index.ts'

interface ElementKey {
  readonly key: string
  /** The key of what stands beside a primitive: its extensions and id. */
  readonly companion: string
  readonly type: string
  /** The type with its model. */
  readonly className: string
  readonly primitive: boolean
  readonly system: boolean
}

/** How one element of a class is found in JSON: under its own key, or one key for each type of a choice. */
interface ElementPlan {
  readonly keys: readonly ElementKey[]
  readonly repeats: boolean
  /** The number under which an instance of the class keeps it; undefined where keeping costs more than reading. */
  readonly slot: number | undefined
}

/** Reads an element of instances; `offset` is that of times which name none, the same for all that is read of an instance. */
type ReadElement = (instance: Instance, offset: number) => Value

/** Reads elements of FHIR objects as the model info describes them. What it read of an instance it keeps with it. */
export interface FhirReader {
  readerOf(name: string): ReadElement
  isSubclass(type: string, base: string): boolean
}

const capitalised = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

export function createFhirReader(model: ModelInfo): FhirReader {
  const classes = new Map<string, Map<string, ElementPlan | undefined>>()

  const planOf = (type: string, name: string): ElementPlan | undefined => {
    const plans = classes.get(type) ?? new Map<string, ElementPlan | undefined>()
    classes.set(type, plans)
    if (plans.has(name)) return plans.get(name)
    const found = model.classOf(type.slice(prefix.length))
    const element = found === undefined ? undefined : elementNamed(found, name)
    const plan = element === undefined ? undefined : planFor(element, plans.size, model)
    plans.set(name, plan)
    return plan
  }

  const ancestors = new Map<string, ReadonlySet<string>>()

  /** A class and all that it derives from. */
  const ancestorsOf = (type: string): ReadonlySet<string> => {
    const names = new Set<string>()
    for (let name: string | undefined = type.slice(prefix.length); name !== undefined; name = model.classOf(name)?.base)
      names.add(`${prefix}${name}`)
    ancestors.set(type, names)
    return names
  }

  return {
    readerOf(name) {
      let [type, plan]: [string | undefined, ElementPlan | undefined] = [undefined, undefined]
      return (instance, offset) => {
        if (instance.type !== type) {
          type = instance.type
          // A choice of classes may ask one for an element that only another has: there it is absent.
          plan = planOf(type, name)
        }
        return plan === undefined ? null : readKept(instance, plan, offset)
      }
    },
    isSubclass(type, base) {
      const known = ancestors.get(type) ?? ancestorsOf(type)
      return known.has(base)
    },
  }
}

const prefix = 'FHIR.'

const classNames = new Map<string, string>()
const mostNames = 2000

/** The name of a class with its model: one text for all instances, so that comparing two is comparing addresses. */
export function classNameOf(type: string): string {
  const known = classNames.get(type)
  if (known !== undefined) return known
  const name = `${prefix}${type}`
  // Data may name any number of types.
  if (classNames.size < mostNames) classNames.set(type, name)
  return name
}

/** Types whose values stand in JSON as they are. */
const asWritten = new Set(['System.String', 'System.Boolean'])

function planFor(element: ModelElement, slot: number, model: ModelInfo): ElementPlan {
  const single = element.types.length === 1
  const keys = element.types.map((type): ElementKey => {
    const key = single ? element.name : `${element.name}${capitalised(type.replace('System.', ''))}`
    return {
      key,
      companion: `_${key}`,
      type,
      className: classNameOf(type),
      primitive: isPrimitive(type, model),
      system: type.startsWith('System.'),
    }
  })
  return { keys, repeats: element.repeats, slot: element.types.every((type) => asWritten.has(type)) ? undefined : slot }
}

/** FHIR's primitives are the classes whose `value` is a System type. */
function isPrimitive(type: string, model: ModelInfo): boolean {
  const found = model.classOf(type)
  const value = found === undefined ? undefined : elementNamed(found, 'value')
  return value?.types[0]?.startsWith('System.') === true
}

function readKept(instance: Instance, plan: ElementPlan, offset: number): Value {
  const { slot } = plan
  if (slot === undefined) return readPlanned(instance, plan, offset)
  const kept = (instance.kept ??= [])
  const known = kept[slot]
  if (known !== undefined) return known
  const value = readPlanned(instance, plan, offset)
  kept[slot] = value
  return value
}

function readPlanned(instance: Instance, plan: ElementPlan, offset: number): Value {
  const data = holderOf(instance)
  for (const element of plan.keys) {
    const { key } = element
    if (element.system) {
      const value = readSystem(instance, element, offset)
      if (value !== null) return value
      continue
    }
    const value = data?.[key]
    // Of a primitive itself only its extensions and id are there to be read.
    const companion = data === instance.data ? data?.[element.companion] : undefined
    if (value === undefined && companion === undefined) continue
    if (plan.repeats) return readMany(value, companion, element)
    if (Array.isArray(value)) throw irregular(key, 'holds a list where one value must stand')
    return wrap(element, value, companion)
  }
  return null
}

/** What holds an instance's elements: its JSON; of a primitive what stands beside it. */
function holderOf({ data, companion }: Instance): Readonly<Record<string, unknown>> | undefined {
  if (isObject(data)) return data
  return isObject(companion) ? companion : undefined
}

function readMany(data: unknown, companion: unknown, element: ElementKey): Value {
  const items: readonly unknown[] = Array.isArray(data) ? data : data === undefined ? [] : [data]
  const companions: readonly unknown[] = Array.isArray(companion) ? companion : []
  const count = Math.max(items.length, companions.length)
  return Array.from({ length: count }, (_, index) =>
    wrap(element, items[index] ?? undefined, companions[index] ?? undefined),
  )
}

function wrap({ key, type, className, primitive }: ElementKey, data: unknown, companion: unknown): Value {
  if (data === undefined && companion === undefined) return null
  if (data !== undefined && isObject(data) === primitive)
    throw irregular(key, primitive ? 'holds an object where a plain value must stand' : 'holds no object')
  if (type === 'Coding') return new Instance(className, foldCoding(data), companion)
  const actual = type === 'Resource' && isObject(data) ? data['resourceType'] : undefined
  return new Instance(typeof actual === 'string' ? classNameOf(actual) : className, data, companion)
}

/** One code system comes under several URIs; the logic, like value sets, knows one of them. */
function foldCoding(coding: unknown): unknown {
  const system = isObject(coding) ? coding['system'] : undefined
  if (!isObject(coding) || typeof system !== 'string') return coding
  const folded = foldSystem(system)
  return folded === system ? coding : { ...coding, system: folded }
}

/** The System value of a primitive (its `value`), or of an element that the model types so (ids of elements). */
function readSystem(instance: Instance, { key, type }: ElementKey, offset: number): Value {
  const own = key === 'value' && !isObject(instance.data)
  const data = own ? instance.data : holderOf(instance)?.[key]
  if (data === undefined || data === null) return null
  const value = systemReaders[type]?.(data, offset)
  if (value === undefined) throw irregular(instance.type, `holds no ${type}`)
  return value
}

const systemReaders: Readonly<Record<string, (data: unknown, offset: number) => Value | undefined>> = {
  'System.String': (data) => (typeof data === 'string' ? data : undefined),
  'System.Boolean': (data) => (typeof data === 'boolean' ? data : undefined),
  'System.Integer': (data) => (typeof data === 'number' && Number.isSafeInteger(data) ? data : undefined),
  'System.Decimal': (data) =>
    typeof data === 'number' || typeof data === 'string' ? parseDecimal(String(data)) : undefined,
  'System.Date': (data) => (typeof data === 'string' ? (parseDate(data) ?? dateOfDateTime(data)) : undefined),
  'System.DateTime': (data, offset) => (typeof data === 'string' ? parseDateTime(data, offset) : undefined),
  'System.Time': (data) => (typeof data === 'string' ? parseTime(data) : undefined),
}

/** Some sources write a moment where FHIR wants a date: its day, as it is written. */
function dateOfDateTime(text: string): CqlDate | undefined {
  return text[10] === 'T' ? parseDate(text.slice(0, 10)) : undefined
}

function irregular(place: string, what: string) {
  return runFault('irregular-data', `${place} ${what}.`)
}
