import { expect, test } from 'vitest'
import { safeReturnPath } from './theme.ts'

test.each([
  ['/measures/x/people?status=open&q=a%20b', '/measures/x/people?status=open&q=a%20b'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example/', '/'],
  ['/\\elsewhere.example', '/'],
  ['/a\r\nSet-Cookie: x', '/'],
  [undefined, '/'],
])('back to %s goes to %s', (asked, path) => {
  expect(safeReturnPath(asked)).toBe(path)
})
