import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import {
  cqlSource,
  type ElmNode,
  guardLibraries,
  interpreterFaults,
  interpreterOperators,
  type LibraryClosure,
  translate,
} from '../../src/elm/index.ts'

const engine = createRequire(import.meta.url)('cql-execution/lib/elm/expressions.js') as Readonly<
  Record<string, { readonly prototype: object }>
>

async function closureOf(...texts: readonly string[]): Promise<LibraryClosure> {
  const sources = texts.map((text) => cqlSource(text))
  return unwrap(await translate({ name: sources[0]?.name ?? '', sources }))
}

const found = (closure: LibraryClosure, defines?: readonly string[]) =>
  guardLibraries(closure, defines).map(({ code, place }) => [code, place?.library, place?.define, place?.line])

test('the table of operators is what cql-execution implements: no more, no less', () => {
  const base = engine['Expression']?.prototype ?? {}
  const unimplemented = engine['UnimplementedExpression']?.prototype ?? {}
  const isNode = (name: string) => {
    const prototype = engine[name]?.prototype
    return prototype !== undefined && base.isPrototypeOf(prototype) && !unimplemented.isPrototypeOf(prototype)
  }
  // Definitions are not operators, the typed literals are made by Literal, and Precision always throws.
  const others =
    /(Def|Literal)$|^(Expression|UnimplementedExpression|Precision|IncludeDef|UsingDef|VersionedIdentifier)$/
  const implemented = Object.keys(engine).filter((name) => isNode(name) && !others.test(name))
  expect([...interpreterOperators].sort()).toEqual([...implemented, 'Literal'].sort())
})

test('an operator that the engine does not know is an error with library, define and place', async () => {
  const closure = await closureOf(`library Top version '1'\ndefine A: 1\ndefine B:\n  LowBoundary(2.5, 8) > 1`)
  const [diagnostic, ...others] = guardLibraries(closure)
  expect(others).toEqual([])
  expect(diagnostic).toMatchObject({
    code: 'elm/unsupported-operator',
    severity: 'error',
    place: { library: 'Top', define: 'B', line: 4, column: 3 },
  })
  expect(diagnostic?.message).toContain('LowBoundary')
})

test('it is found in an included library, through a function and through a define', async () => {
  const closure = await closureOf(
    `library Top\ninclude Low version '1' called Low\ndefine A: Low.F(1.5)\ndefine B: Low.D`,
    `library Low version '1'\ndefine function F(x Decimal):\n  HighBoundary(x, 8)\ndefine D: {1, 2} properly includes 1\ndefine Unused: LowBoundary(1.0, 8)`,
  )
  expect(found(closure)).toEqual([
    ['elm/unsupported-operator', 'Low', 'F', 3],
    ['elm/unsupported-operator', 'Low', 'D', 4],
  ])
  expect(found(closure, ['B'])).toEqual([['elm/unsupported-operator', 'Low', 'D', 4]])
})

test('what is not reachable from the wanted defines is not judged', async () => {
  const closure = await closureOf(`library Top\ndefine A: 1\ndefine B: HighBoundary(2.5, 8)`)
  expect(found(closure, ['A'])).toEqual([])
})

test('the default of a parameter is judged', async () => {
  const closure = await closureOf(`library Top\nparameter P default HighBoundary(2.5, 8)\ndefine A: 1`)
  expect(found(closure)).toEqual([['elm/unsupported-operator', 'Top', 'P', 2]])
})

test('a wanted define that is not there is an error', async () => {
  const closure = await closureOf(`library Top\ndefine A: 1`)
  expect(found(closure, ['A', 'Gone'])).toEqual([['elm/missing-define', 'Top', 'Gone', undefined]])
})

test('Long numbers and steps of decimals are known silent faults', async () => {
  const closure = await closureOf(
    `library Top\ndefine A: 1L\ndefine B: successor of 1.0\ndefine C: successor of 1\ndefine D: maximum Quantity`,
  )
  expect(found(closure)).toEqual([
    ['elm/long-number', 'Top', 'A', 2],
    ['elm/decimal-step', 'Top', 'B', 3],
    ['elm/decimal-limit', 'Top', 'D', 5],
  ])
})

test('a retrieve that asks for more than the engine reads is a silent fault', () => {
  const fault = interpreterFaults.find(({ code }) => code === 'retrieve-attribute')
  const plain: ElmNode = { type: 'Retrieve', localId: '1', dataType: '{http://hl7.org/fhir}Observation', include: [] }
  expect(fault?.applies(plain)).toBe(false)
  expect(fault?.applies({ ...plain, context: { type: 'ExpressionRef', name: 'Mother' } })).toBe(true)
})

test('a reference that leads nowhere is an error', async () => {
  const closure = await closureOf(
    `library Top\ninclude Low version '1' called Low\ndefine A: Low.D`,
    `library Low version '1'\ndefine D: 1`,
  )
  expect(found({ ...closure, libraries: closure.libraries.slice(1) })).toEqual([
    ['elm/dangling-reference', 'Top', 'A', 3],
  ])
})

test('a function without a body is an error', async () => {
  const closure = await closureOf(`library Top\ndefine function F(x Integer) returns Integer: external\ndefine A: F(1)`)
  expect(found(closure, ['A'])).toEqual([['elm/external-function', 'Top', 'F', 2]])
})
