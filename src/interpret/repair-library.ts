import { type Context, Date as CqlDate, DateTime, type Expression } from 'cql-execution'
import { type SortItem, sortRows } from './stable-sort.ts'

interface SortClause {
  readonly by: readonly SortItem[]
  sort: (context: Context, rows: readonly unknown[]) => Promise<readonly unknown[]>
}

/**
 * Mends what cql-execution does wrongly, in the expressions of a built library: sorts (`sortRows`), and the conversion
 * of a text without an offset to a DateTime, which would take the process's time zone.
 */
export function repairLibrary(root: unknown): void {
  const seen = new Set<unknown>()
  const open: unknown[] = [root]
  while (open.length > 0) {
    const node = open.pop()
    if (typeof node !== 'object' || node === null || seen.has(node)) continue
    seen.add(node)
    if (isSortClause(node)) repairSort(node)
    if (isToDateTime(node)) repairToDateTime(node)
    for (const [key, child] of Object.entries(node)) if (key !== 'source' || !isElm(child)) open.push(child)
  }
}

/** A library keeps its ELM under `source`: data, nothing built. */
const isElm = (value: unknown): boolean => typeof value === 'object' && value !== null && 'library' in value

function isSortClause(node: object): node is SortClause {
  return 'by' in node && Array.isArray(node.by) && 'sort' in node && typeof node.sort === 'function'
}

function repairSort(clause: SortClause): void {
  const { by } = clause
  clause.sort = (context, rows) => sortRows(context, rows, by)
}

const isToDateTime = (node: object): node is Expression => node.constructor.name === 'ToDateTime'

function repairToDateTime(expression: Expression): void {
  expression.exec = async (context) => {
    const given: unknown = await expression.execArgs(context)
    if (given instanceof CqlDate) return given.getDateTime(context.getTimezoneOffset())
    if (given instanceof DateTime) return given
    if (typeof given !== 'string') return null
    const value = DateTime.parse(given)
    if (value !== null && !/(Z|[+-]\d{2}:?\d{2})$/.test(given.slice('yyyy-mm-dd'.length))) {
      value.timezoneOffset = context.getTimezoneOffset()
    }
    return value
  }
}
