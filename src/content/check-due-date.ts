import type { Diagnostic } from '../base/index.ts'
import type { LibraryClosure } from '../elm/index.ts'

const dateType = '{urn:hl7-org:elm-types:r1}Date'

/** The define that a Measure names for its due date is one of the main library, and a Date. */
export function checkDueDate({ main }: LibraryClosure, define: string | undefined): readonly Diagnostic[] {
  if (define === undefined) return []
  const place = { library: main.identifier.id, define }
  const remedy = 'Name a define of the main library that gives a Date.'
  const found = main.statements?.def.find(({ name, type }) => name === define && type !== 'FunctionDef')
  if (found === undefined) {
    const message = `The Measure names "${define}" for its due date, which the library does not define.`
    return [{ code: 'content/missing-define', severity: 'error', message, place, remedy }]
  }
  const given = found.resultTypeName ?? found.expression?.resultTypeName
  if (given === dateType) return []
  const message = `The due date of the Measure, "${define}", gives no Date.`
  return [{ code: 'content/due-date-type', severity: 'error', message, place, remedy }]
}
