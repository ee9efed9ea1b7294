import { decidingOperands, type Expr, partsOf, ridPart, type TemplateName } from '../plan/index.ts'
import { withConstants } from './constant-part.ts'
import { literal } from './literal.ts'
import { type Known, type Numbered, simplify } from './simplify.ts'
import { fill, usesOf } from './template/index.ts'
import { quoted, sqlType } from './type-name.ts'

/** The text of every primitive, for one program. */
export type TemplateTexts = Readonly<Record<TemplateName, string>>

/** One SELECT list: columns that are computed from those of the one before. */
export interface Stage {
  readonly columns: readonly { readonly name: string; readonly text: string }[]
}

/** Expressions as text over a relation, with the stages that come before: each computes what is read more than once. */
export interface Staged {
  readonly stages: readonly Stage[]
  readonly texts: readonly string[]
}

const nothing: Expr = { kind: 'const', value: null, type: { kind: 'system', name: 'Any' } }

/** Nesting beyond which an expression gets a stage of its own: the database refuses depth 1,000. */
const mostDepth = 25

/**
 * Prints expressions over one relation. What is read more than once, by another or by a template that names it
 * twice, becomes a column of an earlier stage, so that the text grows with the DAG and not with its tree.
 */
export function printExprs(roots: readonly Expr[], templates: TemplateTexts, names: () => string): Staged {
  const table = new ExprTable(templates)
  const ids = roots.map((root) => table.add(root))
  const { staged, levels } = table.stage(ids)
  const columns = new Map<number, string>()
  const stages: { columns: { name: string; text: string }[] }[] = []
  for (const id of staged) {
    const level = levels.get(id) ?? 0
    while (stages.length <= level) stages.push({ columns: [] })
    const text = table.print(id, columns, true)
    const name = names()
    columns.set(id, name)
    stages[level]?.columns.push({ name, text })
  }
  return { stages, texts: ids.map((id) => table.print(id, columns, false)) }
}

/** Text beyond which what is read again becomes a column: a stage has its price, for it passes on all columns below. */
const worthStage = 240
const nameSize = 8
const ownSizes: Readonly<Partial<Record<Expr['kind'], number>>> = { const: 24, pack: 120, array: 60 }

interface Entry {
  readonly expr: Expr
  readonly parts: readonly number[]
  /** How often this expression's text names each part. */
  readonly uses: readonly number[]
  /** It reads no column. */
  readonly isConstant: boolean
}

/** Expressions without doubles: two that are built alike are one. */
class ExprTable {
  readonly #templates: TemplateTexts
  readonly #entries: Entry[] = []
  readonly #byKey = new Map<string, number>()
  readonly #byExpr = new Map<Expr, number>()
  readonly #known: Known = {
    entry: (id) => this.#entries[id] ?? { expr: nothing, parts: [] },
    constant: (value, { type }) => this.#enter({ expr: { kind: 'const', value, type }, parts: [] }),
  }

  constructor(templates: TemplateTexts) {
    this.#templates = templates
  }

  add(expr: Expr): number {
    if (expr.kind === 'guard') return this.add(expr.value)
    const rid = expr.kind === 'pack' ? expr.fields[ridPart] : undefined
    if (rid !== undefined) return this.add(rid)
    const known = this.#byExpr.get(expr)
    if (known !== undefined) return known
    const parts = partsOf(expr).map((part) => this.add(part))
    const shorter = simplify({ expr, parts }, this.#known)
    const id = typeof shorter === 'number' ? shorter : this.#enter(shorter)
    this.#byExpr.set(expr, id)
    return id
  }

  /** The number of an expression over parts that have theirs. */
  #enter({ expr, parts }: Numbered): number {
    const key = `${keyOf(expr)}(${parts.join()})`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const id = this.#entries.length
    const isConstant = expr.kind !== 'column' && parts.every((part) => this.#entries[part]?.isConstant === true)
    this.#entries.push({ expr, parts, uses: this.#usesOf(expr, parts), isConstant })
    this.#byKey.set(key, id)
    return id
  }

  #usesOf(expr: Expr, parts: readonly number[]): readonly number[] {
    if (expr.kind !== 'call') return parts.map(() => 1)
    return parts.map((_, index) => usesOf(this.#templates[expr.template], index + 1))
  }

  /** Ids to be staged, parts before wholes, with their levels. */
  stage(roots: readonly number[]): { staged: readonly number[]; levels: ReadonlyMap<number, number> } {
    const read = this.#readBy(roots)
    const uses = this.#entries.map(() => 0)
    for (const id of read) {
      const { parts, uses: times } = this.#entries[id] ?? { parts: [], uses: [] }
      for (const [index, part] of parts.entries()) uses[part] = (uses[part] ?? 0) + (times[index] ?? 1)
    }
    for (const root of roots) uses[root] = (uses[root] ?? 0) + 1
    const staged: number[] = []
    const sizes: number[] = []
    const levels = new Map<number, number>()
    const reached: number[] = []
    const depths: number[] = []
    for (const [id, { expr, parts }] of this.#entries.entries()) {
      if (!read.has(id)) continue
      const below = Math.max(-1, ...parts.map((part) => levels.get(part) ?? reached[part] ?? -1))
      const depth = 1 + Math.max(0, ...parts.map((part) => (levels.has(part) ? 0 : (depths[part] ?? 0))))
      depths[id] = depth
      reached[id] = below
      const size = this.#sizeOf(id, (part) => (levels.has(part) ? nameSize : (sizes[part] ?? 0)))
      sizes[id] = size
      const repeated = Math.max(0, (uses[id] ?? 0) - 1) * size
      if (isAtomic(expr) || (repeated < worthStage && depth < mostDepth)) continue
      levels.set(id, below + 1)
      staged.push(id)
    }
    return { staged, levels }
  }

  /** All that the roots are made of: what was made shorter leaves parts behind that nobody reads. */
  #readBy(roots: readonly number[]): ReadonlySet<number> {
    const read = new Set<number>()
    const waiting = [...roots]
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (read.has(id)) continue
      read.add(id)
      waiting.push(...(this.#entries[id]?.parts ?? []))
    }
    return read
  }

  /** About how long an expression's text is, with its parts as they are printed in it. */
  #sizeOf(id: number, sizeOfPart: (part: number) => number): number {
    const entry = this.#entries[id]
    if (entry === undefined) return 0
    const { expr, parts, uses } = entry
    const own = expr.kind === 'call' ? this.#templates[expr.template].length : (ownSizes[expr.kind] ?? 12)
    return own + parts.reduce((sum, part, index) => sum + sizeOfPart(part) * (uses[index] ?? 1), 0)
  }

  print(id: number, columns: ReadonlyMap<number, string>, whole: boolean): string {
    const column = whole ? undefined : columns.get(id)
    if (column !== undefined) return quoted(column)
    const entry = this.#entries[id]
    if (entry === undefined) return 'NULL'
    const parts = entry.parts.map((part) => this.print(part, columns, false))
    // A part that is a column of an earlier stage has its type there.
    const constants = entry.parts.map((part) => {
      const of = columns.has(part) ? undefined : this.#entries[part]
      return of?.isConstant === true ? of.expr : undefined
    })
    return this.#printWith(entry.expr, parts, constants)
  }

  #printWith(expr: Expr, parts: readonly string[], constants: readonly (Expr | undefined)[]): string {
    switch (expr.kind) {
      case 'column':
        return quoted(expr.name)
      case 'const':
        return literal(expr.value, expr.type)
      case 'call':
        if (isOfNothing(expr, parts)) return literal(null, expr.type)
        return fill(
          withConstants(this.#templates[expr.template].replaceAll('$T', sqlType(expr.type)), constants),
          parts,
        )
      case 'field': {
        const text = `(${parts[0] ?? 'NULL'}).${quoted(expr.name)}`
        return constants[0] === undefined ? text : `CAST(${text} AS ${sqlType(expr.type)})`
      }
      case 'pack':
        return Object.keys(expr.fields).length === 0
          ? '0'
          : `${expr.present === undefined ? '' : `CASE WHEN ${parts.at(-1) ?? 'true'} THEN `}CAST(struct_pack(${Object.keys(
              expr.fields,
            )
              .map((name, index) => `${quoted(name)} := ${parts[index] ?? 'NULL'}`)
              .join(', ')}) AS ${sqlType(expr.type)})${expr.present === undefined ? '' : ' END'}`
      case 'array':
        return `CAST([${parts.join(', ')}] AS ${sqlType(expr.type)})`
      case 'guard':
        return parts[0] ?? 'NULL'
      case 'case':
        return printCase(expr, parts)
    }
  }
}

/** Does a null as it is written make the whole null? The database does not know what type a part of one has. */
function isOfNothing(expr: Extract<Expr, { kind: 'call' }>, parts: readonly string[]): boolean {
  const deciding = expr.args.slice(0, decidingOperands(expr.template))
  return deciding.some((arg, index) => parts[index] === literal(null, arg.type))
}

function printCase(expr: Extract<Expr, { kind: 'case' }>, parts: readonly string[]): string {
  const branches = expr.branches.map(
    (_, index) => `WHEN ${parts[2 * index] ?? 'NULL'} THEN ${parts[2 * index + 1] ?? 'NULL'}`,
  )
  const otherwise = expr.otherwise === undefined ? '' : ` ELSE ${parts.at(-1) ?? 'NULL'}`
  return `CASE ${branches.join(' ')}${otherwise} END`
}

/** A column, a constant, or a field of a column: as cheap to repeat as to name. */
function isAtomic(expr: Expr): boolean {
  if (expr.kind === 'column') return true
  if (expr.kind === 'const') return typeof expr.value !== 'object' || expr.value === null
  return expr.kind === 'field' && isAtomic(expr.source.kind === 'guard' ? expr.source.value : expr.source)
}

function keyOf(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return `column ${expr.name}`
    case 'const':
      return `const ${literal(expr.value, expr.type)}`
    case 'call':
      return `call ${expr.template} ${expr.template.startsWith('list') || expr.template === 'singleList' ? sqlType(expr.type) : ''}`
    case 'field':
      return `field ${expr.name}`
    case 'pack':
      return `pack ${sqlType(expr.type)}`
    case 'array':
      return `array ${sqlType(expr.type)}`
    case 'case':
      return `case ${expr.branches.length} ${expr.otherwise === undefined ? '' : 'else'}`
    case 'guard':
      return 'guard'
  }
}
