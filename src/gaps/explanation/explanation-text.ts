import { writtenDay } from '../clinical-date.ts'
import type { ClauseRows, DefineExplanation, ExplainedClause, ExplainedResource, Explanation } from './schema.ts'

const words: Readonly<Record<DefineExplanation['letter'], string>> = {
  t: 'true',
  f: 'false',
  n: 'null',
  e: 'ERROR',
  l: 'found',
  z: 'none',
  v: 'value',
}

/** So much of a clause's text is shown on its line; its parts show the rest. */
const mostText = 96

interface Printing {
  readonly explanation: Explanation
  readonly defines: ReadonlyMap<string, DefineExplanation>
  /** Numbers of resources, in the order in which they are first named. */
  readonly numbers: Map<string, number>
  readonly shown: Set<string>
  readonly lines: string[]
}

/**
 * An explanation as a tree for people: each population's define, what it is made of, the defines and functions that it
 * reads (each unfolded once), and at the end the resources by their numbers. `define` shows that one alone; undefined
 * where there is none of that name (`Name` of the main library, or `Library.Name`).
 */
export function explanationText(explanation: Explanation, define?: string): string | undefined {
  const defines = new Map(explanation.defines.map((one) => [`${one.library}.${one.name}`, one]))
  const printing: Printing = { explanation, defines, numbers: new Map(), shown: new Set(), lines: [] }
  const roots = define === undefined ? populationRoots(explanation) : rootsNamed(explanation, define)
  if (roots.length === 0) return undefined
  for (const { title, root } of roots) {
    printing.lines.push('')
    printDefine(printing, root, '', title)
  }
  return [...headOf(explanation), ...printing.lines, '', ...resourceLines(printing)].join('\n')
}

interface Root {
  readonly title?: string
  readonly root: DefineExplanation
}

/** The defines that a name means. */
function rootsNamed({ defines }: Explanation, name: string): readonly Root[] {
  const exact = defines.filter((one) => `${one.library}.${one.name}` === name)
  return (exact.length > 0 ? exact : defines.filter((one) => one.name === name)).map((root) => ({ root }))
}

function populationRoots({ groups, defines }: Explanation): readonly Root[] {
  const main = defines.filter(({ stored }) => stored !== null)
  const roots = groups.flatMap(({ id, populations }) =>
    populations.flatMap(({ code, define, members }) => {
      const root = (main.length > 0 ? main : defines).find(({ name }) => name === define)
      const title = `${groups.length > 1 ? `${id}: ` : ''}${code}${members === null ? '' : ` ${members}`}`
      return root === undefined ? [] : [{ title, root }]
    }),
  )
  return roots
}

function headOf({ run, measure, person, patients, since }: Explanation): string[] {
  const { start, end, timeZone } = run.period
  const later = [
    [since.changed, 'changed'],
    [since.deleted, 'deleted'],
    [since.added, 'added'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  return [
    `${measure.title} (${measure.id} ${measure.version}), run ${run.id} by ${run.engine}, ${start} to ${end} ${timeZone}`,
    `Person ${person}: ${patients.map(({ source, id }) => `${source}/Patient/${id}`).join(', ')}`,
    ...(later.length === 0
      ? []
      : [`The record is shown as the run read it. Resources that are otherwise since then: ${later.join(', ')}.`]),
  ]
}

function printDefine(printing: Printing, define: DefineExplanation, indent: string, title?: string): void {
  const key = `${define.library}.${define.name}`
  const again = printing.shown.has(key)
  printing.shown.add(key)
  const head = title === undefined ? `"${define.name}"` : `${title}: "${define.name}"`
  const place = define.range === null ? define.library : `${define.library} ${define.range.split('-')[0]}`
  const remarks = [place, ...(define.without === null ? [groundless(define)] : []), ...(again ? ['as above'] : [])]
  const numbers = numbersOf(printing, define.resources)
  printing.lines.push(
    `${indent}${words[define.letter].padEnd(6)}${head}${valueOf(define)}${numbers}  (${remarks.join('; ')})`,
  )
  if (again) return
  const inner = `${indent}  `
  if (define.fault !== undefined) printing.lines.push(`${inner}! ${define.fault.code}: ${define.fault.message}`)
  if (define.without !== null) printing.lines.push(`${inner}- ${groundOf(define, define.without)}`)
  for (const clause of define.clauses) printClause(printing, clause, inner)
}

/** Where nothing is cited: there is nothing whose deletion would make it otherwise. */
const groundless = ({ letter }: DefineExplanation): string =>
  'zfn'.includes(letter) ? 'by absence' : 'whatever is in the record'

/** What would be without what is cited: the reason to cite it. */
function groundOf({ resources }: DefineExplanation, without: NonNullable<DefineExplanation['without']>): string {
  const these = resources.length === 1 ? 'this resource' : 'these resources'
  return without.stands
    ? `without ${these} it would be the same: others, or the absence of any, make it so too`
    : `without ${these} it would be ${words[without.letter]}${without.value === null ? '' : ` ${without.value}`}`
}

function valueOf({ letter, value }: Pick<ExplainedClause, 'letter' | 'value'>): string {
  return (letter === 'v' || letter === 'l') && value !== null ? ` = ${value}` : ''
}

function numbersOf({ numbers }: Printing, keys: readonly string[]): string {
  if (keys.length === 0) return ''
  for (const key of keys) if (!numbers.has(key)) numbers.set(key, numbers.size + 1)
  const shown = keys.slice(0, 8).map((key) => numbers.get(key))
  return `  [${shown.join(' ')}${keys.length > 8 ? ` and ${keys.length - 8} more` : ''}]`
}

const oneLine = (text: string): string => {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replace(/^ ?where /, '')
    .trim()
  return line.length > mostText ? `${line.slice(0, mostText - 1)}…` : line
}

function printClause(printing: Printing, clause: ExplainedClause, indent: string): void {
  const target = clause.kind === 'reference' ? printing.defines.get(clause.refers ?? '') : undefined
  if (target !== undefined) return printDefine(printing, target, indent)
  const again = clause.asAbove === true ? '  (function as above)' : foundOf(clause)
  const text = oneLine(clause.text ?? clause.refers ?? clause.kind)
  printing.lines.push(
    `${indent}${words[clause.letter].padEnd(6)}${text}${valueOf(clause)}${numbersOf(printing, clause.resources)}${again}`,
  )
  const inner = `${indent}  `
  if (clause.fault !== undefined && clause.parts.every(({ fault }) => fault === undefined))
    printing.lines.push(`${inner}! ${clause.fault.code}: ${clause.fault.message}`)
  // How a function makes a date or a number is no reason; that it made this one is.
  if (clause.kind === 'call' && clause.letter === 'v') return
  for (const part of clause.parts) printClause(printing, part, inner)
  if (clause.rows !== undefined) printRows(printing, clause.rows, inner)
}

function foundOf({ retrieve }: ExplainedClause): string {
  return retrieve === undefined ? '' : `  (${retrieve.found} of ${retrieve.ofType} ${retrieve.type})`
}

function printRows(printing: Printing, rows: ClauseRows, indent: string): void {
  if (rows.looked === 0) return
  printing.lines.push(`${indent}- ${rows.looked} looked at, ${rows.kept} kept`)
  if (rows.kept < rows.looked) {
    for (const condition of rows.conditions) {
      const counts = [
        [condition.true, 'true'],
        [condition.false, 'false'],
        [condition.null, 'null'],
        [condition.error, 'error'],
      ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
      printing.lines.push(
        `${indent}  ${condition.kind} ${oneLine(condition.text ?? '')}${condition.kind === 'where' ? '' : ' (such that)'}: ${counts.join(', ')}`,
      )
    }
  }
  // What was found needs no near miss: there it is enough to say that there are some.
  const near = rows.nearMisses.length + rows.nearMissesLeftOut
  if (rows.kept > 0 && near > 0) printing.lines.push(`${indent}  ${near} by one condition alone`)
  if (rows.kept > 0) return
  for (const { resources, condition } of rows.nearMisses) {
    printing.lines.push(`${indent}  near miss${numbersOf(printing, resources)}: only this does not hold:`)
    printClause(printing, condition, `${indent}    `)
  }
  if (rows.nearMissesLeftOut > 0) printing.lines.push(`${indent}  and ${rows.nearMissesLeftOut} more near misses`)
}

function resourceLines({ explanation, numbers }: Printing): string[] {
  const byKey = new Map(explanation.resources.map((resource) => [resource.key, resource]))
  const lines = [...numbers].flatMap(([key, number]) => {
    const resource = byKey.get(key)
    return resource === undefined ? [] : [`[${number}] ${resourceLine(resource)}`]
  })
  return lines.length === 0 ? ['No resource is named.'] : ['Resources:', ...lines]
}

function resourceLine(resource: ExplainedResource): string {
  const { source, type, id, version, what, date, value, since, mergedWith = [] } = resource
  const parts = [
    `${source}/${type}/${id}${version === null ? '' : ` version ${version}`}`,
    what,
    ...(date === null ? [] : [writtenDay(date)]),
    ...(value === null ? [] : [value]),
    ...(since === null ? [] : [`(${since} since the run)`]),
    ...mergedWith.map((one) => `one with ${one.source}/${type}/${one.id}`),
  ]
  return parts.join('  ')
}
