import type { Field, FieldOption } from './typed-shape.ts'

/**
 * Fields with a mark on the options that nothing fills: those whose JSON path (`valueRange`, `component.valueString`, of
 * lists without their index) is among `empty`.
 */
export function markedFields(fields: readonly Field[], empty: ReadonlySet<string>, path = ''): readonly Field[] {
  return fields.map((one) => ({ ...one, options: one.options.map((option) => marked(option, empty, path)) }))
}

function marked(option: FieldOption, empty: ReadonlySet<string>, path: string): FieldOption {
  const at = `${path}${option.key}`
  const shape =
    option.shape.kind === 'structure'
      ? { ...option.shape, fields: markedFields(option.shape.fields, empty, `${at}.`) }
      : option.shape
  return { ...option, shape, ...(empty.has(at) ? { empty: true } : {}) }
}
