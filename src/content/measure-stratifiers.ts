import type { Diagnostic } from '../base/index.ts'
import type { MeasureStratifier } from './measure.ts'
import { codeOf, type MeasureResourceStratifier } from './measure-resource.ts'

interface Read {
  readonly value: readonly MeasureStratifier[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The stratifiers of a group, each with one criterion or with one for each component (FHIR R4, Measure). */
export function readStratifiers(stratifiers: readonly MeasureResourceStratifier[], element: string): Read {
  const reads = stratifiers.map((stratifier, index) => readStratifier(stratifier, index, element))
  return { value: reads.flatMap((read) => read.value), diagnostics: reads.flatMap((read) => read.diagnostics) }
}

function readStratifier(stratifier: MeasureResourceStratifier, index: number, element: string): Read {
  const id = stratifier.id ?? codeOf(stratifier.code) ?? `stratifier-${index + 1}`
  const components = stratifier.component ?? []
  const parts = components.length > 0 ? components : [stratifier]
  const criteria = parts.flatMap((part, at) => {
    const define = part.criteria?.expression
    return define === undefined || define === ''
      ? []
      : [{ name: part.id ?? codeOf(part.code) ?? `component-${at + 1}`, define }]
  })
  if (criteria.length === parts.length) return { value: [{ id, criteria }], diagnostics: [] }
  const message = `Stratifier ${id} has no criteria expression.`
  const place = { element: `${element}.stratifier.${index}` }
  const remedy = 'Name the define that cuts into strata.'
  return { value: [], diagnostics: [{ code: 'content/missing-criteria', severity: 'error', message, place, remedy }] }
}
