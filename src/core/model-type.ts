import type { ModelClass, ModelElement, ModelInfo } from '../fhir/index.ts'
import { anyType, type CoreType, choiceType, listType, systemTypeNamed } from './type.ts'

/** The type of an element of a model's class. */
export function elementTypeOf(element: ModelElement): CoreType {
  const type = choiceType(element.types.map(typeNamed))
  return element.repeats ? listType(type) : type
}

/** A name of the model info as a type: `System.String`, or a class of the model. */
function typeNamed(name: string): CoreType {
  if (name.startsWith('System.')) return systemTypeNamed(name.slice('System.'.length)) ?? anyType
  return { kind: 'class', model: 'FHIR', name }
}

/** The last element of a name: what a class says itself goes before what it has from its bases. */
export function elementNamed(found: ModelClass, name: string): ModelElement | undefined {
  return found.elements.findLast((element) => element.name === name)
}

/** The type of an element of a type: of any alternative that has it, over lists of each; `Any` where none has. */
export function memberType(source: CoreType, name: string, model: ModelInfo): CoreType {
  switch (source.kind) {
    case 'class': {
      const found = model.classOf(source.name)
      const element = found === undefined ? undefined : elementNamed(found, name)
      return element === undefined ? anyType : elementTypeOf(element)
    }
    case 'choice': {
      const types = source.of.map((one) => memberType(one, name, model)).filter((type) => type !== anyType)
      return types.length === 0 ? anyType : choiceType(types)
    }
    default:
      return anyType
  }
}
