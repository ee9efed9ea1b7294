import { quoted } from './type-name.ts'

/** What is sent to the database, in order: tables that are made first, the query, and what clears the tables away. */
export interface Script {
  readonly before: readonly string[]
  readonly query: string
  readonly after: readonly string[]
}

interface Part {
  readonly text: string
  readonly reads: ReadonlySet<string>
  readonly recursive: boolean
}

/** Relations that one statement may nest: DuckDB counts them, and gives up beyond 1,000 with all that is in them. */
const mostDepth = 150

/**
 * Programs of so many relations are one statement. In larger ones what several relations read becomes a table:
 * the database plans a statement in more than linear time, and such text would stand in each statement that reads it.
 */
const mostParts = 60

/** Named relations of a program, which one statement, or several with tables between them, are made of. */
export class ScriptParts {
  readonly #parts = new Map<string, Part>()

  /** Adds a relation by name, with the names of those that its text reads, which were added before it. */
  add(name: string, text: string, reads: ReadonlySet<string>, recursive: boolean): void {
    this.#parts.set(name, { text, reads, recursive })
  }

  /** The whole: the query reads these relations. A table goes when the last statement that reads it is done. */
  finish(query: string, reads: ReadonlySet<string>): Script {
    const staged = this.#tables(reads)
    const statements = [...staged].map((name) => this.#statement(name, staged))
    const last = this.#within(reads, staged)
    const lastReader = new Map<string, number>()
    for (const [index, { tables }] of statements.entries()) for (const table of tables) lastReader.set(table, index)
    for (const table of last.tables) lastReader.delete(table)
    const before = statements.flatMap(({ name, text }, index) => [
      `CREATE OR REPLACE TEMP TABLE ${quoted(name)} AS\n${text}`,
      ...[...lastReader].filter(([, reader]) => reader === index).map(([table]) => dropped(table)),
    ])
    return { before, query: this.#with(last.parts, query), after: [...staged].map(dropped) }
  }

  /** Relations that become tables, in the order of their making. */
  #tables(reads: ReadonlySet<string>): ReadonlySet<string> {
    const readers = new Map<string, number>()
    for (const part of [{ reads }, ...this.#parts.values()])
      for (const name of part.reads) readers.set(name, (readers.get(name) ?? 0) + 1)
    const large = this.#parts.size > mostParts
    // Within a recursion the database makes a relation anew for each step.
    const inLoops = new Set([...this.#parts.values()].flatMap((part) => (part.recursive ? [...part.reads] : [])))
    const depths = new Map<string, number>()
    const staged = new Set<string>()
    for (const [name, part] of this.#parts) {
      const own = part.text.split('(SELECT').length
      const depth = own + Math.max(0, ...[...part.reads].map((read) => depths.get(read) ?? 0))
      const shared = large && (readers.get(name) ?? 0) > 1 && part.reads.size > 0
      const cut = shared || inLoops.has(name) || (depth > mostDepth && !part.recursive)
      if (cut) staged.add(name)
      depths.set(name, cut ? 0 : depth)
    }
    return staged
  }

  #statement(name: string, staged: ReadonlySet<string>) {
    const part = this.#parts.get(name)
    const { text = '', reads = new Set<string>() } = part ?? {}
    const { parts, tables } = this.#within(reads, staged)
    if (part?.recursive !== true) return { name, tables, text: this.#with(parts, text) }
    return { name, tables, text: this.#with([...parts, name], `SELECT * FROM ${quoted(name)}`) }
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

  #with(names: readonly string[], text: string): string {
    if (names.length === 0) return text
    const parts = names.flatMap((name) => {
      const part = this.#parts.get(name)
      return part === undefined ? [] : [{ name, ...part }]
    })
    const recursive = parts.some((part) => part.recursive) ? 'RECURSIVE ' : ''
    const list = parts.map((part) => `${quoted(part.name)} AS (\n  ${part.text.replaceAll('\n', '\n  ')}\n)`)
    return `WITH ${recursive}${list.join(',\n')}\n${text}`
  }
}

const dropped = (name: string): string => `DROP TABLE IF EXISTS ${quoted(name)}`

/** A script as text that a reader can follow, statement by statement. */
export function scriptText({ before, query, after }: Script): string {
  return [...before, query, ...after].map((statement) => `${statement};`).join('\n\n')
}
