import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { compileDefines } from '../../src/core/index.ts'
import { cqlSource, type ElmLibrary, type ElmNode, type LibraryClosure, translate } from '../../src/elm/index.ts'

async function closureOf(...texts: readonly string[]): Promise<LibraryClosure> {
  return unwrap(await translate({ name: 'Main', sources: texts.map((text) => cqlSource(text)) }))
}

/** A library of one define whose expression is given as ELM: for what the translator does not write. */
function closureOfElm(expression: ElmNode, more: Partial<ElmLibrary> = {}): LibraryClosure {
  const main: ElmLibrary = {
    identifier: { id: 'Main', version: '1' },
    statements: { def: [{ name: 'Asked', context: 'Unfiltered', expression }] },
    ...more,
  }
  return { main, libraries: [main], cql: new Map(), hash: '' }
}

function diagnosticsOf(closure: LibraryClosure, define = 'Asked') {
  const result = compileDefines(closure, [define])
  return result.ok ? [] : result.diagnostics
}

const at = { localId: '7', locator: '3:5-3:20' } as const
const place = { library: 'Main', define: 'Asked', localId: '7', line: 3, column: 5 }

const missing = (type: string) => diagnosticsOf(closureOfElm({ type, name: 'Absent', ...at }))[0]
const callOf = (name: string): ElmNode => ({ type: 'FunctionRef', name, operand: [], ...at })

describe('what cannot be compiled is a diagnostic with its place', () => {
  test('an operator that nobody knows', () => {
    expect(diagnosticsOf(closureOfElm({ type: 'Divine', ...at }))).toMatchObject([
      { code: 'core/unsupported', message: 'The operator Divine is not supported.', place },
    ])
  })

  test('operands that no overload takes', () => {
    const text = { type: 'Literal', valueType: '{urn:hl7-org:elm-types:r1}String', value: 'a' }
    expect(diagnosticsOf(closureOfElm({ type: 'Ln', operand: text, ...at }))).toMatchObject([
      { code: 'core/no-overload', message: 'Ln does not take (String).', place },
    ])
  })

  test('every fault of a define is told, not only the first', () => {
    const operand = [{ type: 'Divine' }, { type: 'Conjure' }]
    expect(diagnosticsOf(closureOfElm({ type: 'And', operand, ...at }))).toHaveLength(2)
  })

  test('a literal that its type cannot hold', () => {
    const literal = { type: 'Literal', valueType: '{urn:hl7-org:elm-types:r1}Integer', value: '2147483648', ...at }
    expect(diagnosticsOf(closureOfElm(literal))).toMatchObject([{ code: 'core/literal-out-of-range', place }])
  })

  test('a retrieve by a range of dates', () => {
    const node = { type: 'Retrieve', dataType: '{http://hl7.org/fhir}Encounter', dateRange: { type: 'Null' }, ...at }
    expect(diagnosticsOf(closureOfElm(node))).toMatchObject([{ code: 'core/unsupported', place }])
  })

  test('a reference to what is not there', () => {
    for (const type of ['ExpressionRef', 'ParameterRef', 'FunctionRef', 'ValueSetRef', 'CodeRef', 'ConceptRef'])
      expect(missing(type)).toMatchObject({ code: 'core/missing-definition', place })
    expect(missing('AliasRef')).toMatchObject({ code: 'core/unknown-name', place })
  })

  test('a define that the library does not have', () => {
    expect(diagnosticsOf(closureOfElm({ type: 'Null' }), 'Other')).toMatchObject([
      { code: 'core/missing-define', place: { library: 'Main', define: 'Other' } },
    ])
  })

  test('a function that calls itself, also by way of another', () => {
    const functionOf = (name: string, calls: string) => ({
      name,
      type: 'FunctionDef',
      operand: [],
      expression: callOf(calls),
    })
    const closure = closureOfElm({ type: 'Null' })
    const main: ElmLibrary = {
      ...closure.main,
      statements: {
        def: [{ name: 'Asked', expression: callOf('F') }, functionOf('F', 'G'), functionOf('G', 'F')],
      },
    }
    expect(diagnosticsOf({ ...closure, main, libraries: [main] })).toMatchObject([
      { code: 'core/recursive-function', place: { library: 'Main', define: 'G', line: 3, column: 5 } },
    ])
  })

  test('a function without CQL', async () => {
    const closure = await closureOf(
      `library Main version '1'\ndefine function F(x Integer) returns Integer : external\ndefine "Asked": F(1)`,
    )
    expect(diagnosticsOf(closure)).toMatchObject([{ code: 'core/external-function', place: { line: 3, column: 17 } }])
  })

  test('a library that did not translate is never compiled: its ELM holds nulls where calls failed', () => {
    const annotation = [
      { type: 'CqlToElmError', errorSeverity: 'error', message: 'Could not resolve', startLine: 4, startChar: 2 },
    ]
    expect(diagnosticsOf(closureOfElm({ type: 'Null' }, { annotation }))).toMatchObject([
      { code: 'core/not-translated', message: 'Could not resolve', place: { library: 'Main', line: 4, column: 2 } },
    ])
  })
})

test('what is not asked for is not compiled: a fault elsewhere stops nothing', async () => {
  const closure = await closureOf(
    `library Main version '1'\ndefine function F(x Integer) returns Integer : external\ndefine "Asked": 1\ndefine "Other": F(1)`,
  )
  expect(compileDefines(closure, ['Asked']).ok).toBe(true)
})

test('types are inferred where the translator wrote none, and uncertainty is one of them', async () => {
  const closure = await closureOf(
    `library Main version '1'\ndefine "Asked": Tuple { a: 1 + 2.0, b: (days between @2014 and @2015) + 1, c: {1, null} }`,
  )
  const core = unwrap(compileDefines(closure, ['Asked']))
  expect(core.defines.get('Main.Asked')?.root.type).toMatchObject({
    kind: 'tuple',
    elements: [
      { name: 'a', type: { name: 'Decimal' } },
      { name: 'b', type: { kind: 'uncertain', of: { name: 'Integer' } } },
      { name: 'c', type: { kind: 'list', of: { name: 'Integer' } } },
    ],
  })
})

const common = (version: string, value: number) => `library Common version '${version}'\ndefine "X": ${value}`

test('two versions of one library are two libraries', async () => {
  const middle = `library Middle version '1'\ninclude Common version '1' called C\ndefine "Old": C."X"`
  const main = `library Main version '1'
include Common version '2' called C
include Middle version '1' called M
define "Asked": Tuple { a: C."X", b: M."Old" }`
  const parts = await Promise.all(
    [
      [main, common('2', 2), `library Middle version '1'\ndefine "Old": 0`],
      [middle, common('1', 1)],
    ].map((texts, index) =>
      translate({ name: index === 0 ? 'Main' : 'Middle', sources: texts.map((text) => cqlSource(text)) }),
    ),
  )
  const [mine, theirs] = parts.map((part) => unwrap(part))
  if (mine === undefined || theirs === undefined) throw new RangeError('both translate')
  const ofMine = mine.libraries.filter((library) => library.identifier.id !== 'Middle')
  const core = unwrap(compileDefines({ ...mine, libraries: [...theirs.libraries, ...ofMine] }, ['Asked']))
  expect([...core.defines.keys()].sort()).toEqual(['Common|1.X', 'Common|2.X', 'Main.Asked', 'Middle.Old'])
  expect(core.defines.get('Common|1.X')?.root).toMatchObject({ value: 1 })
  expect(core.defines.get('Common|2.X')?.root).toMatchObject({ value: 2 })
})

test('a retrieve about everybody is refused: a person alone cannot answer it', async () => {
  const closure = await closureOf(
    `library Main version '1'\nusing FHIR version '4.0.1'\ncontext Unfiltered\ndefine "Asked": [Encounter]`,
  )
  expect(diagnosticsOf(closure)).toMatchObject([{ code: 'core/unfiltered-retrieve', place: { line: 4, column: 17 } }])
})
