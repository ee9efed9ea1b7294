import type { ClassElement, ClassInfo, ModelInfo, TypeSpecifier } from './model-info.ts'

/** How the JSON of one element is read. */
export type ElementRule =
  | { readonly kind: 'system'; readonly property: string; readonly type: string }
  | { readonly kind: 'named'; readonly property: string; readonly type: string; readonly primitive: boolean }
  | { readonly kind: 'list'; readonly property: string; readonly type: string; readonly primitive: boolean }
  | { readonly kind: 'choice'; readonly options: readonly ElementRule[] }

/** A class of the model, ready for reading JSON: all its elements (inherited ones too) and what it is. */
export interface FhirClass {
  /** Without the model's prefix: `Observation`, `Observation.Component`, `dateTime`. */
  readonly name: string
  readonly isResource: boolean
  readonly elements: ReadonlyMap<string, ElementRule>
  /** Qualified names of the class and its ancestors, as ELM writes them: `{http://hl7.org/fhir}Observation`. */
  readonly types: ReadonlySet<string>
}

/** Looks a class up by any name that ELM uses (`{url}Name`, `FHIR.Name`, `Name`); each is built once. */
export class FhirClasses {
  readonly #model: ModelInfo
  readonly #byName = new Map<string, FhirClass | undefined>()

  constructor(model: ModelInfo) {
    this.#model = model
  }

  find(name: string): FhirClass | undefined {
    if (this.#byName.has(name)) return this.#byName.get(name)
    const info = this.#model.findClass(name)
    const shortName = info === undefined ? name : plainName(info.name)
    const known = shortName === name ? undefined : this.find(shortName)
    const built = known ?? (info === undefined ? undefined : buildClass(info, this.#model))
    this.#byName.set(name, built)
    return built
  }
}

const plainName = (name: string) => name.replace(/^FHIR\./, '')

function buildClass(info: ClassInfo, model: ModelInfo): FhirClass {
  const lineage = [info, ...info.parentClasses()]
  const elements = new Map<string, ElementRule>()
  for (const element of lineage.toReversed().flatMap((ancestor) => ancestor.elements)) {
    const rule = ruleOf(element, model)
    elements.set(element.name, rule)
    // Explicit choices (`medicationCodeableConcept`) are code paths of the model info.
    if (rule.kind !== 'choice') continue
    for (const option of rule.options) if (option.kind !== 'choice') elements.set(option.property, option)
  }
  const names = lineage.map((ancestor) => plainName(ancestor.name))
  return {
    name: plainName(info.name),
    isResource: names.includes('Resource'),
    elements,
    types: new Set([...names.map((name) => `{${model.url}}${name}`), '{urn:hl7-org:elm-types:r1}Any']),
  }
}

function ruleOf(element: ClassElement, model: ModelInfo): ElementRule {
  const type = element.typeSpecifier
  if (!type.isChoice) return typedRule(element.name, type, model)
  return {
    kind: 'choice',
    options: type.choices.map((choice) => typedRule(choiceProperty(element.name, choice), choice, model)),
  }
}

/** `value` of type `Quantity` is `valueQuantity`; a SimpleQuantity is written as a Quantity. */
function choiceProperty(element: string, choice: TypeSpecifier): string {
  const type = choice.name === 'SimpleQuantity' ? 'Quantity' : choice.name
  return `${element}${type.charAt(0).toUpperCase()}${type.slice(1)}`
}

function typedRule(property: string, type: TypeSpecifier, model: ModelInfo): ElementRule {
  if (type.isList) {
    return {
      kind: 'list',
      property,
      type: plainName(type.elementType.fqn),
      primitive: isPrimitive(type.elementType, model),
    }
  }
  if (type.namespace === 'System') return { kind: 'system', property, type: type.name }
  return { kind: 'named', property, type: plainName(type.fqn), primitive: isPrimitive(type, model) }
}

/** Lower-case names, and the code types of one element (`ObservationStatus` holds only a `value` of String). */
function isPrimitive(type: TypeSpecifier, model: ModelInfo): boolean {
  if (type.namespace === 'FHIR' && /^[a-z]/.test(type.name)) return true
  const info = model.findClass(type.fqn)
  const [only] = info?.elements ?? []
  return info?.elements.length === 1 && only?.name === 'value' && only.typeSpecifier.fqn === 'System.String'
}
