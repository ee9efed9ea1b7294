import { quoted } from './type-name.ts'

/** What is sent to the database, in order: tables that are made first, the query, and what clears the tables away. */
export interface Script {
  readonly before: readonly string[]
  readonly query: string
  readonly after: readonly string[]
}

/** A relation as text. */
export interface ScriptPart {
  readonly text: string
  /** Names of those that it reads, which were added before it. */
  readonly reads: ReadonlySet<string>
  readonly recursive: boolean
  /** It is made by itself, though only one relation reads it. */
  readonly apart: boolean
}

/** Relations that one statement may nest: DuckDB counts them, and gives up beyond 1,000 with all that is in them. */
const mostDepth = 400

/** From this depth on a relation that several read is a table, before one that a single one reads must be. */
const sharedDepth = 200

/** Named relations of a program, which one statement, or several with tables between them, are made of. */
export class ScriptParts {
  readonly #parts = new Map<string, ScriptPart>()

  /** Adds a relation by name. */
  add(name: string, part: ScriptPart): void {
    this.#parts.set(name, part)
  }

  /** The whole: the query reads these relations. A table goes when the last statement that reads it is done. */
  finish(query: string, reads: ReadonlySet<string>): Script {
    const readers = this.#readers(reads)
    const kept = this.#kept(readers)
    const tables = this.#tables(readers, kept, this.#deep(kept))
    const statements = [...this.#parts.keys()]
      .filter((name) => tables.has(name))
      .map((name) => this.#statement(name, tables, kept))
    const last = this.#within(reads, tables)
    const lastReader = new Map<string, number>()
    for (const [index, statement] of statements.entries())
      for (const table of statement.tables) lastReader.set(table, index)
    for (const table of last.tables) lastReader.delete(table)
    const before = statements.flatMap(({ name, text }, index) => [
      `CREATE OR REPLACE TEMP TABLE ${quoted(name)} AS\n${text}`,
      ...[...lastReader].filter(([, reader]) => reader === index).map(([table]) => dropped(table)),
    ])
    return { before, query: this.#with(last.parts, kept, query), after: [...tables].map(dropped) }
  }

  /** Who reads each relation; the query is the name ''. */
  #readers(reads: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
    const readers = new Map<string, string[]>([...this.#parts.keys()].map((name) => [name, []]))
    for (const [reader, part] of [...this.#parts, ['', { reads }] as const])
      for (const name of part.reads) readers.get(name)?.push(reader)
    return readers
  }

  /** Relations that are made once, however many read them: those that several read, and what a recursion reads at each step. */
  #kept(readers: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
    const inLoops = new Set([...this.#parts.values()].flatMap((part) => (part.recursive ? [...part.reads] : [])))
    return new Set(
      [...this.#parts]
        .filter(
          ([name, part]) =>
            part.apart || inLoops.has(name) || ((readers.get(name)?.length ?? 0) > 1 && part.reads.size > 0),
        )
        .map(([name]) => name),
    )
  }

  /** Relations below which one statement would nest too deep. */
  #deep(kept: ReadonlySet<string>): ReadonlySet<string> {
    const depths = new Map<string, number>()
    const cut = new Set<string>()
    for (const [name, part] of this.#parts) {
      const own = part.text.split('(SELECT').length
      const depth = own + Math.max(0, ...[...part.reads].map((read) => depths.get(read) ?? 0))
      const isCut = !part.recursive && depth > (kept.has(name) ? sharedDepth : mostDepth)
      if (isCut) cut.add(name)
      depths.set(name, isCut ? 0 : depth)
    }
    return cut
  }

  /** Relations that become tables: the deep ones, and whatever is kept and stands in more than one statement then. */
  #tables(
    readers: ReadonlyMap<string, readonly string[]>,
    kept: ReadonlySet<string>,
    deep: ReadonlySet<string>,
  ): ReadonlySet<string> {
    const tables = new Set(deep)
    const statements = new Map<string, ReadonlySet<string>>([['', new Set([''])]])
    for (const name of [...this.#parts.keys()].reverse()) {
      const within = new Set((readers.get(name) ?? []).flatMap((reader) => [...(statements.get(reader) ?? [])]))
      if (kept.has(name) && within.size > 1) tables.add(name)
      statements.set(name, tables.has(name) ? new Set([name]) : within)
    }
    return tables
  }

  #statement(name: string, staged: ReadonlySet<string>, kept: ReadonlySet<string>) {
    const part = this.#parts.get(name)
    const { text = '', reads = new Set<string>() } = part ?? {}
    const { parts, tables } = this.#within(reads, staged)
    if (part?.recursive !== true) return { name, tables, text: this.#with(parts, kept, text) }
    return { name, tables, text: this.#with([...parts, name], kept, `SELECT * FROM ${quoted(name)}`) }
  }

  /** What stands within a statement that reads relations, and the tables that it reads in its turn. */
  #within(reads: ReadonlySet<string>, staged: ReadonlySet<string>) {
    const parts = new Set<string>()
    const tables = new Set<string>()
    const want = (name: string): void => {
      const part = this.#parts.get(name)
      if (part === undefined || parts.has(name)) return
      if (staged.has(name)) {
        tables.add(name)
        return
      }
      for (const read of part.reads) want(read)
      parts.add(name)
    }
    for (const name of reads) want(name)
    return { parts: [...parts], tables }
  }

  #with(names: readonly string[], kept: ReadonlySet<string>, text: string): string {
    if (names.length === 0) return text
    const parts = names.flatMap((name) => {
      const part = this.#parts.get(name)
      return part === undefined ? [] : [{ name, ...part }]
    })
    const recursive = parts.some((part) => part.recursive) ? 'RECURSIVE ' : ''
    const list = parts.map((part) => {
      const once = kept.has(part.name) && !part.recursive ? ' MATERIALIZED' : ''
      return `${quoted(part.name)} AS${once} (\n  ${part.text.replaceAll('\n', '\n  ')}\n)`
    })
    return `WITH ${recursive}${list.join(',\n')}\n${text}`
  }
}

const dropped = (name: string): string => `DROP TABLE IF EXISTS ${quoted(name)}`

/** A script as text that a reader can follow, statement by statement. */
export function scriptText({ before, query, after }: Script): string {
  return [...before, query, ...after].map((statement) => `${statement};`).join('\n\n')
}
