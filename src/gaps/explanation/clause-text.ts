import type { InstalledMeasure } from '../../content/index.ts'

/** Reads the CQL of a measure's libraries by place. */
export interface ClauseTexts {
  /** The text at a locator (`line:column-line:column`, from 1, both ends included); null where there is none. */
  at(library: string, locator: string | undefined): string | null
  /** The place of a define; null where its library has none. */
  rangeOf(library: string, define: string): string | null
}

const known = new WeakMap<InstalledMeasure, ClauseTexts>()

/** The texts of a measure: its libraries' lines are cut once. */
export function clauseTexts(measure: InstalledMeasure): ClauseTexts {
  const made = known.get(measure) ?? readTexts(measure)
  known.set(measure, made)
  return made
}

function readTexts({ closure }: InstalledMeasure): ClauseTexts {
  const lines = new Map<string, readonly string[]>()
  const linesOf = (library: string): readonly string[] => {
    const found = lines.get(library) ?? closure.cql.get(library)?.split('\n') ?? []
    lines.set(library, found)
    return found
  }
  const ranges = new Map(
    [...closure.libraries, closure.main].flatMap(({ identifier, statements }) =>
      (statements?.def ?? []).map(({ name, locator }) => [`${identifier.id}.${name}`, locator] as const),
    ),
  )
  const texts = new Map<string, string | null>()
  return {
    at(library, locator) {
      const key = `${library} ${locator}`
      const found = texts.get(key)
      if (found !== undefined) return found
      const text = textAt(linesOf(library), locator)
      texts.set(key, text)
      return text
    },
    rangeOf(library, define) {
      const range = ranges.get(`${library}.${define}`)
      return typeof range === 'string' ? range : null
    },
  }
}

function textAt(lines: readonly string[], locator: string | undefined): string | null {
  const found = /^(\d+):(\d+)-(\d+):(\d+)$/
    .exec(locator ?? '')
    ?.slice(1)
    .map(Number)
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = found ?? []
  if (found === undefined || lines.length < endLine) return null
  const cut = lines.slice(line - 1, endLine)
  cut[cut.length - 1] = (cut.at(-1) ?? '').slice(0, endColumn)
  cut[0] = (cut[0] ?? '').slice(column - 1)
  return cut.join('\n')
}
