import type { InstalledMeasure } from '../content/index.ts'
import type { Issue } from '../report/index.ts'

/** How a request names a measure: by the id in its path, or (without one) by the parameter `measure`. */
export interface MeasureName {
  readonly id?: string | undefined
  /** A canonical with or without version, or `Measure/<id>`. */
  readonly measure?: string | undefined
}

/** What a canonical and an id name. */
interface Identified {
  readonly id: string
  readonly url: string
  readonly version: string
}

type NamedMeasure<M> =
  | { readonly ok: true; readonly measure: M }
  | { readonly ok: false; readonly status: 400 | 404; readonly issue: Issue }

type Refusal = Extract<NamedMeasure<never>, { ok: false }>

/** The measures that a request asks for, or why there are none. */
export type ChosenMeasures =
  | { readonly ok: true; readonly measures: readonly InstalledMeasure[] }
  | { readonly ok: false; readonly status: 400 | 404 | 409; readonly issue: Issue }

/** The one measure that is named. Refused: none, one that is not installed, and a canonical of which several versions are. */
export function findMeasure<M extends Identified>(
  measures: readonly M[],
  { id, measure }: MeasureName,
): NamedMeasure<M> {
  if (id !== undefined && measure !== undefined) return pathNamesIt('measure')
  if (id !== undefined)
    return only(
      measures.filter((one) => one.id === id),
      undefined,
    )
  if (measure === undefined) return refuse(400, 'required', 'measure', 'measure: is required.')
  return only(matching(measures, measure), 'measure')
}

/** The refusal of a parameter that names measures where the path names one. */
export const pathNamesIt = (parameter: string): Refusal =>
  refuse(
    400,
    'invalid',
    parameter,
    `${parameter}: the path names the measure; the parameter is for the operation on the type.`,
  )

/** The measures that a canonical (with or without version) or `Measure/<id>` may mean. */
export function matching<M extends Identified>(measures: readonly M[], name: string): readonly M[] {
  const [url, version] = name.split('|')
  return measures.filter(
    (one) => name === `Measure/${one.id}` || (one.url === url && (version === undefined || one.version === version)),
  )
}

function only<M extends Identified>(found: readonly M[], expression: string | undefined): NamedMeasure<M> {
  const [first, ...others] = found
  if (first === undefined) {
    return refuse(
      404,
      'not-found',
      expression,
      'There is no such measure here.',
      'GET /fhir/Measure lists those that are installed.',
    )
  }
  if (others.length === 0) return { ok: true, measure: first }
  const versions = found.map(({ version }) => version).join(', ')
  return refuse(
    400,
    'multiple-matches',
    expression,
    `Several versions of the measure are installed: ${versions}.`,
    'Name one as url|version.',
  )
}

function refuse(
  status: 400 | 404,
  code: Issue['code'],
  expression: string | undefined,
  message: string,
  remedy?: string,
): Refusal {
  const diagnostic = { code: 'api/measure', message, ...(remedy === undefined ? {} : { remedy }) }
  return {
    ok: false,
    status,
    issue: { code, diagnostic, ...(expression === undefined ? {} : { expression: [expression] }) },
  }
}
