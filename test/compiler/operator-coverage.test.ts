import { describe, expect, test } from 'vitest'
import { operators } from '../../src/core/index.ts'
import { supportedOverloads } from '../../src/plan/index.ts'
import unsupported from './unsupported-overloads.json' with { type: 'json' }

const supported = supportedOverloads()
const all = [...operators.values()].flatMap((operator) =>
  operator.overloads.map((overload) => `${operator.name}${overload.signature.text}`),
)

describe('every overload of the operator table', () => {
  test('is said in SQL, or listed with the reason why not', () => {
    expect(all.filter((key) => !supported.has(key) && !(key in unsupported))).toEqual([])
  })

  test('is listed as unsupported only while it is', () => {
    expect(Object.keys(unsupported).filter((key) => supported.has(key) || !all.includes(key))).toEqual([])
  })

  test('has a formula under its own name and signature: none is left over', () => {
    expect([...supported].filter((key) => !all.includes(key))).toEqual([])
  })
})
