import type { Field, FieldOption, Shape } from './typed-shape.ts'

/** What is known of the options of fields, by their JSON path (`valueRange`, `component.valueString`, of lists without their index). */
export interface FieldMarks {
  /** Nothing fills them. */
  readonly empty: ReadonlySet<string>
  /** The forms of dates with times. */
  readonly forms?: ReadonlyMap<string, number>
}

/** Fields with a mark on the options that nothing fills, and on those of which more is known. */
export function markedFields(fields: readonly Field[], marks: FieldMarks, path = ''): readonly Field[] {
  return fields.map((one) => ({ ...one, options: one.options.map((option) => marked(option, marks, path)) }))
}

function marked(option: FieldOption, marks: FieldMarks, path: string): FieldOption {
  const at = `${path}${option.key}`
  return { ...option, shape: markedShape(option.shape, marks, at), ...(marks.empty.has(at) ? { empty: true } : {}) }
}

function markedShape(shape: Shape, marks: FieldMarks, at: string): Shape {
  if (shape.kind === 'structure') return { ...shape, fields: markedFields(shape.fields, marks, `${at}.`) }
  const forms = shape.kind === 'dateTime' ? marks.forms?.get(at) : undefined
  return forms === undefined ? shape : { kind: 'dateTime', forms }
}
