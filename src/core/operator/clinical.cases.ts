import { operatorCases } from './operator-case.ts'

/** No expansion is at hand where cases run: asking for one is an error, never false. */
export const clinicalCases = operatorCases([
  ["Code { code: 'a', system: 's' } ~ ToConcept(Code { code: 'a', system: 's' })", 'true'],
  [
    "Concept { codes: {Code { code: 'a', system: 's' }, Code { code: 'b', system: 't' }} } ~ Code { code: 'b', system: 't' }",
    'true',
  ],
  ["Concept { codes: {Code { code: 'a', system: 's' }} }.codes[0].code", "'a'"],
])
