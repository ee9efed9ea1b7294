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
  readonly depth: number
  readonly staged: boolean
  readonly recursive: boolean
}

/** Relations that one statement may nest: DuckDB counts them, and gives up beyond 1,000 with all that is in them. */
const mostDepth = 150

/** Named relations of a program. A chain that grows too deep is cut: what it has come to becomes a table. */
export class ScriptParts {
  readonly #parts = new Map<string, Part>()

  get size(): number {
    return this.#parts.size
  }

  /** Adds a relation by name, with the names of those that its text reads. */
  add(name: string, text: string, reads: ReadonlySet<string>, recursive: boolean): void {
    const depth = this.#depthOf(text, reads)
    const staged = depth > mostDepth && !recursive
    this.#parts.set(name, { text, reads, depth: staged ? 0 : depth, staged, recursive })
  }

  /** The whole: the query reads these relations. */
  finish(query: string, reads: ReadonlySet<string>): Script {
    const staged = [...this.#parts].filter(([, part]) => part.staged)
    return {
      before: staged.map(
        ([name, part]) => `CREATE OR REPLACE TEMP TABLE ${quoted(name)} AS\n${this.#withReads(part.text, part.reads)}`,
      ),
      query: this.#withReads(query, reads),
      after: staged.map(([name]) => `DROP TABLE IF EXISTS ${quoted(name)}`),
    }
  }

  #depthOf(text: string, reads: ReadonlySet<string>): number {
    const own = text.split('(SELECT').length
    return own + Math.max(0, ...[...reads].map((name) => this.#parts.get(name)?.depth ?? 0))
  }

  #withReads(text: string, reads: ReadonlySet<string>): string {
    const wanted = new Set<string>()
    const want = (name: string): void => {
      const part = this.#parts.get(name)
      if (part === undefined || part.staged || wanted.has(name)) return
      for (const read of part.reads) want(read)
      wanted.add(name)
    }
    for (const name of reads) want(name)
    if (wanted.size === 0) return text
    const parts = [...wanted].flatMap((name) => {
      const part = this.#parts.get(name)
      return part === undefined ? [] : [{ name, ...part }]
    })
    const recursive = parts.some((part) => part.recursive) ? 'RECURSIVE ' : ''
    const list = parts.map((part) => `${quoted(part.name)} AS (\n  ${part.text.replaceAll('\n', '\n  ')}\n)`)
    return `WITH ${recursive}${list.join(',\n')}\n${text}`
  }
}

/** A script as text that a reader can follow, statement by statement. */
export function scriptText({ before, query, after }: Script): string {
  return [...before, query, ...after].map((statement) => `${statement};`).join('\n\n')
}
