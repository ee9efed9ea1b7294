import type { InstalledMeasure } from '../content/index.ts'
import type { ElmNode } from '../elm/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { type MeasurementPeriod, periodMoments } from '../measure/index.ts'
import type { Issue } from '../report/index.ts'

type Json = Readonly<Record<string, unknown>>

const periodName = 'Measurement Period'

/**
 * What is wrong with the values that a request gives to parameters of the logic (`parameters`, bound by name): results rest
 * on `periodStart` and `periodEnd` and on the defaults that the logic declares, so a value is taken where it is the same,
 * and refused where it is another or where no measure has such a parameter. Values are never quoted.
 */
export function logicParameterIssues(
  given: Resource,
  measures: readonly InstalledMeasure[],
  period: MeasurementPeriod,
): readonly Issue[] {
  const entries: readonly unknown[] = Array.isArray(given['parameter']) ? given['parameter'] : []
  const names = entries.map((entry) => (isObject(entry) ? entry['name'] : undefined))
  return entries.flatMap((entry, index): readonly Issue[] => {
    const where = `parameters.parameter[${index}]`
    const name = names[index]
    if (!isObject(entry) || typeof name !== 'string') {
      return [issueOf('required', where, 'it has no name', 'Name a parameter of the logic.')]
    }
    const declared = declarationsOf(measures, name)
    if (declared.length === 0) {
      const remedy = 'Leave it out. Library/{name}/$data-requirements lists the parameters of a library.'
      return [issueOf('value', where, 'no measure that is asked for has a parameter of that name', remedy)]
    }
    if (names.indexOf(name) !== index) {
      const remedy =
        'Give it once: several values are a list, and no parameter is evaluated here as another than its own.'
      return [issueOf('not-supported', where, `${name} is given more than once`, remedy)]
    }
    return name === periodName ? periodIssues(entry, where, period) : otherIssues(entry, where, name, declared)
  })
}

/** The declarations of a parameter in the libraries of measures. */
function declarationsOf(measures: readonly InstalledMeasure[], name: string): readonly Json[] {
  return measures.flatMap(({ closure }) =>
    closure.libraries.flatMap(({ parameters }) => (parameters?.def ?? []).filter((one) => one.name === name)),
  )
}

function periodIssues(entry: Json, where: string, period: MeasurementPeriod): readonly Issue[] {
  const value = entry['valuePeriod']
  if (isObject(value) && isSamePeriod(value, period)) return []
  const message = `${periodName} is not the period from periodStart to periodEnd, by days of ${period.timeZone}`
  return [issueOf('value', where, message, 'Leave it out, or give it as a valuePeriod of the same days.')]
}

/** Days, or moments: the first of the first day and the last second of the last. */
function isSamePeriod({ start, end }: Json, period: MeasurementPeriod): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return false
  const moments = periodMoments(period)
  return isSame(start, period.start, moments.first) && isSame(end, period.end, moments.last)
}

const isSame = (text: string, day: string, moment: number): boolean =>
  text === day || (/T.*(Z|[+-]\d\d:\d\d)$/.test(text) && seconds(Date.parse(text)) === seconds(moment))

const seconds = (instant: number): number => Math.floor(instant / 1000)

function otherIssues(entry: Json, where: string, name: string, declared: readonly Json[]): readonly Issue[] {
  if (declared.every((one) => isDefault(entry, one['default']))) return []
  const message = `${name} has another value here, or one that cannot be compared: measures are evaluated with the defaults of their logic`
  return [issueOf('not-supported', where, message, 'Leave it out, or install a measure whose logic has that default.')]
}

const literals: Readonly<Record<string, string>> = {
  Boolean: 'valueBoolean',
  Integer: 'valueInteger',
  Decimal: 'valueDecimal',
  String: 'valueString',
}

/** Whether a value is the literal that a parameter has by default. */
function isDefault(entry: Json, expression: unknown): boolean {
  if (!isObject(expression)) return false
  const { type, valueType, value } = expression as ElmNode
  if (type !== 'Literal' || typeof valueType !== 'string' || typeof value !== 'string') return false
  const kind = valueType.slice(valueType.indexOf('}') + 1)
  const given = entry[literals[kind] ?? '']
  if (typeof given === 'number') return given === Number(value)
  return (typeof given === 'string' || typeof given === 'boolean') && String(given) === value
}

function issueOf(code: Issue['code'], where: string, message: string, remedy: string): Issue {
  const diagnostic = { code: 'api/logic-parameter', message: `parameters: ${message}.`, remedy }
  return { code, diagnostic, expression: [where] }
}
