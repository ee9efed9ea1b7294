import type { ElmNode } from '../library.ts'

/** A use of a known operator that cql-execution answers wrongly without a word. */
export interface SilentFault {
  readonly code: string
  readonly applies: (node: ElmNode) => boolean
  /** What goes wrong, as the end of "The interpreter ...". */
  readonly fault: string
}

const system = (type: string): string => `{urn:hl7-org:elm-types:r1}${type}`

/** The attributes of a Retrieve that are read; it passes over all others (`include`, `context`, `id`, ...). */
const retrieveAttributes: ReadonlySet<string> = new Set(
  `
    type localId locator annotation resultTypeName resultTypeSpecifier signature
    dataType templateId codeProperty codeComparator codes dateProperty dateRange
  `
    .trim()
    .split(/\s+/),
)

function isGiven(value: unknown): boolean {
  return !(value === undefined || value === null || (Array.isArray(value) && value.length === 0))
}

/** Faults that were seen by running the operator against the CQL specification (cql-execution 3.3.2). */
export const interpreterFaults: readonly SilentFault[] = [
  {
    code: 'long-number',
    applies: (node) => node['valueType'] === system('Long') || node.resultTypeName === system('Long'),
    fault: 'has no Long numbers and takes them for text',
  },
  {
    code: 'decimal-step',
    applies: (node) =>
      (node.type === 'Successor' || node.type === 'Predecessor') && node.resultTypeName === system('Decimal'),
    fault: 'steps by 1 from a decimal that is whole, instead of by 0.00000001',
  },
  {
    code: 'decimal-limit',
    applies: (node) =>
      (node.type === 'MinValue' || node.type === 'MaxValue') && node['valueType'] === system('Quantity'),
    fault: 'has no smallest and no largest Quantity',
  },
  {
    code: 'retrieve-attribute',
    applies: (node) =>
      node.type === 'Retrieve' &&
      Object.entries(node).some(([key, value]) => !retrieveAttributes.has(key) && isGiven(value)),
    fault: 'passes over a part of this retrieve',
  },
]
