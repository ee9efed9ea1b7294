import type { InstalledMeasure } from '../content/index.ts'
import type { ElmNode } from '../elm/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { type MeasurementPeriod, periodMoments } from '../measure/index.ts'
import type { Issue } from '../report/index.ts'

type Json = Readonly<Record<string, unknown>>

const periodName = 'Measurement Period'

/** Values that a request gives to parameters of the logic. */
export interface LogicParameters {
  /** What is wrong with them; where there is anything, nothing is evaluated. */
  readonly issues: readonly Issue[]
  /** As ELM, by name. */
  readonly values: ReadonlyMap<string, ElmNode>
  /** As texts, for whoever reads the report. */
  readonly told: Readonly<Record<string, string>>
}

/**
 * The values that a request gives to parameters of the logic (`parameters`, bound by name): of the type that every library
 * which declares one has it in. The measurement period is that of `periodStart` and `periodEnd`. A value that is no such, of a
 * type that no value can be given in, or of a parameter that no measure has, is an issue. Values are never quoted in it.
 */
export function readLogicParameters(
  given: Resource | undefined,
  measures: readonly InstalledMeasure[],
  period: MeasurementPeriod,
): LogicParameters {
  const entries: readonly unknown[] = Array.isArray(given?.['parameter']) ? given['parameter'] : []
  const names = entries.map((entry) => (isObject(entry) ? entry['name'] : undefined))
  const values = new Map<string, ElmNode>()
  const told: Record<string, string> = {}
  const issues = entries.flatMap((entry, index): readonly Issue[] => {
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
      const remedy = 'Give it once: several values are a list, and no parameter that can be given here is one.'
      return [issueOf('not-supported', where, `${name} is given more than once`, remedy)]
    }
    if (name === periodName) return periodIssues(entry, where, period)
    const types = [...new Set(declared.map(typeOf))]
    const [type] = types
    const kind = types.length === 1 && type !== undefined ? kinds[type] : undefined
    if (kind === undefined) {
      const remedy = `Leave it out: values are taken of ${Object.keys(kinds).join(', ')}.`
      return [issueOf('not-supported', where, `${name} is of a type that takes no value here`, remedy)]
    }
    const value = kind.read(entry[kind.element])
    if (value === undefined || type === undefined) {
      return [issueOf('value', where, `${name} is no ${type}`, `Give it as ${kind.element}${kind.form}.`)]
    }
    values.set(name, { ...value.elm, resultTypeName: `${systemTypes}${type}` })
    told[name] = value.text
    return []
  })
  return { issues, values, told }
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

const systemTypes = '{urn:hl7-org:elm-types:r1}'

/** The name of the system type that a declaration has; undefined for lists, intervals and what is of a data model. */
function typeOf(declaration: Json): string | undefined {
  const { resultTypeName } = declaration
  return typeof resultTypeName === 'string' && resultTypeName.startsWith(systemTypes)
    ? resultTypeName.slice(systemTypes.length)
    : undefined
}

/** How a value of a type is given, and what it is in ELM. */
interface Kind {
  readonly element: string
  readonly form: string
  read(given: unknown): { readonly elm: ElmNode; readonly text: string } | undefined
}

function literalKind(type: string, element: string, isOne: (given: unknown) => boolean): Kind {
  const read = (given: unknown) =>
    isOne(given)
      ? { elm: { type: 'Literal', valueType: `${systemTypes}${type}`, value: String(given) }, text: String(given) }
      : undefined
  return { element, form: '', read }
}

/** Whole numbers of 32 bits, and decimals that are written without an exponent. */
const isInteger = (given: unknown) => Number.isInteger(given) && Math.abs(Number(given)) < 2 ** 31
const isDecimal = (given: unknown) => typeof given === 'number' && /^-?\d+(\.\d{1,8})?$/.test(String(given))

const kinds: Readonly<Record<string, Kind>> = {
  Boolean: literalKind('Boolean', 'valueBoolean', (given) => typeof given === 'boolean'),
  Integer: literalKind('Integer', 'valueInteger', isInteger),
  Decimal: literalKind('Decimal', 'valueDecimal', isDecimal),
  String: literalKind('String', 'valueString', (given) => typeof given === 'string'),
  Quantity: { element: 'valueQuantity', form: ' with a value and a unit', read: readQuantity },
}

/** Units of UCUM for time are calendar units in logic, as FHIRHelpers has them. */
const calendarUnits: Readonly<Record<string, string>> = {
  a: 'year',
  mo: 'month',
  wk: 'week',
  d: 'day',
  h: 'hour',
  min: 'minute',
  s: 'second',
  ms: 'millisecond',
}

function readQuantity(given: unknown) {
  if (!isObject(given) || given['comparator'] !== undefined || !isDecimal(given['value'])) return undefined
  const written = given['code'] ?? given['unit']
  if (typeof written !== 'string' || written === '') return undefined
  const unit = calendarUnits[written] ?? written
  return { elm: { type: 'Quantity', value: Number(given['value']), unit }, text: `${String(given['value'])} '${unit}'` }
}

function issueOf(code: Issue['code'], where: string, message: string, remedy: string): Issue {
  const diagnostic = { code: 'api/logic-parameter', message: `parameters: ${message}.`, remedy }
  return { code, diagnostic, expression: [where] }
}
