import type { CoreType } from '../../core/index.ts'
import { fhirModelInfo, type ModelElement } from '../../fhir/index.ts'

export type { CoreType }

/** A type of the model by name: `System.String`, or a class of FHIR. */
export function modelTypeNamed(name: string): CoreType {
  return name.startsWith('System.')
    ? ({ kind: 'system', name: name.slice('System.'.length) } as CoreType)
    : { kind: 'class', model: 'FHIR', name }
}

/** One type, or a choice of several. */
export function choiceTypeOf(names: readonly string[]): CoreType {
  const types = names.map(modelTypeNamed)
  const [first] = types
  return types.length === 1 && first !== undefined ? first : { kind: 'choice', of: types }
}

/** An element of a class by name; undefined where the class has none. */
export function modelElement(type: CoreType, name: string): ModelElement | undefined {
  return type.kind === 'class'
    ? fhirModelInfo()
        .classOf(type.name)
        ?.elements.find((element) => element.name === name)
    : undefined
}

/** The type of an element. */
export function elementTypeOf(element: ModelElement): CoreType {
  const type = choiceTypeOf(element.types)
  return element.repeats ? { kind: 'list', of: type } : type
}

/** Is every alternative of a choice a resource? Such a value is held by its key alone, as one resource is. */
export function isResourceChoice(type: CoreType): boolean {
  return type.kind === 'choice' && type.of.every(isResource)
}

/** Is it a value, or a list of values, that may be a resource or something else? */
export function isMixedChoice(type: CoreType): boolean {
  if (type.kind === 'list') return isMixedChoice(type.of)
  return type.kind === 'choice' && type.of.some(isResource) && !type.of.every(isResource)
}

const isResource = (type: CoreType): boolean => type.kind === 'class' && derivesFrom(type.name, 'Resource')

/** Is a class another, or derived from it? */
export function derivesFrom(name: string, base: string): boolean {
  for (let one: string | undefined = name; one !== undefined; one = fhirModelInfo().classOf(one)?.base)
    if (one === base) return true
  return false
}
