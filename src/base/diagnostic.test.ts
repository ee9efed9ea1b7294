import { expect, test } from 'vitest'
import { type Diagnostic, formatDiagnostic } from './diagnostic.ts'
import { CaregapError, fault, invariant, unwrap } from './error.ts'
import { failure, success } from './result.ts'

const diagnostic: Diagnostic = {
  code: 'ingest/malformed-line',
  message: 'The line is not JSON.',
  severity: 'error',
  place: { file: 'a.ndjson', line: 7, column: 12 },
  remedy: 'Export the file again.',
}

test('a diagnostic reads as place, fact and remedy', () => {
  expect(formatDiagnostic(diagnostic)).toBe('a.ndjson:7:12: The line is not JSON. Export the file again.')
})

test('a place in logic names library and define', () => {
  const place = { library: 'Bp', define: 'Has Reading', line: 3 }
  expect(formatDiagnostic({ ...diagnostic, place })).toMatch(/^Bp\."Has Reading":3: /)
})

test('unwrap gives the value, or throws all reasons with the exit code of their kind', () => {
  expect(unwrap(success(1))).toBe(1)
  expect(() => unwrap(failure(diagnostic, diagnostic))).toThrow(/a\.ndjson:7:12.*\n.*a\.ndjson:7:12/)
  expect(fault('usage', 'x/y', 'No.').exitCode).toBe(2)
  expect(fault('system', 'x/y', 'No.').exitCode).toBe(4)
})

test('a broken invariant is our bug, and says so', () => {
  expect(() => invariant(false, 'one is two')).toThrow(CaregapError)
})
