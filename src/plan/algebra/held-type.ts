import type { Field, FieldOption, Shape } from '../../fhir/index.ts'
import { type CoreType, choiceTypeOf } from './model-type.ts'

/** How a value of a class is held in columns, beyond the shapes of typed tables. */
export type Held =
  | Shape
  /** The value of a quantity: a bare DECIMAL. */
  | { readonly kind: 'bareDecimal' }
  /** A coding of a concept, with its parts. */
  | { readonly kind: 'codingParts' }
  | { readonly kind: 'moment' }

interface HeldClass {
  readonly held: Held
}

/** A class of FHIR whose values are held in a column of this shape. */
export function heldType(name: string, held: Held): CoreType {
  const type = { kind: 'class' as const, model: 'FHIR', name, held }
  return type
}

/** How a value of a type is held; undefined where that is not known. */
export function heldBy(type: CoreType): Held | undefined {
  return type.kind === 'class' ? (type as typeof type & Partial<HeldClass>).held : undefined
}

/** The type of one way to fill an element. */
export function optionType(option: FieldOption): CoreType {
  return option.type.startsWith('System.') ? choiceTypeOf([option.type]) : heldType(option.type, option.shape)
}

/** Fields by name. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => field.name === name)
}
