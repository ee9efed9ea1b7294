import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Diagnostic, Place } from '../../src/base/index.ts'
import { compileDefines, parseDateTime } from '../../src/core/index.ts'
import type { CqlDateTime } from '../../src/core/value/temporal.ts'
import { createDirectEvaluator } from '../../src/direct/index.ts'
import { cqlSource, type ElmLibrary, type ElmNode, type LibraryClosure, translate } from '../../src/elm/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'
import { planDefines } from '../../src/plan/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'

const cacheDir = mkdtempSync(join(tmpdir(), 'caregap-bad-input-'))
afterAll(() => rmSync(cacheDir, { recursive: true }))

const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
const now = parseDateTime('2026-07-01T12:00:00.000Z', 0) as CqlDateTime

type Told = Pick<Diagnostic, 'code' | 'message'> & { readonly place?: Place }

async function translated(...texts: readonly string[]) {
  return translate({ name: 'Bad', sources: texts.map((text) => cqlSource(text)), cacheDir })
}

/** What an engine says of the define "Asked" before it has seen any person. */
const engines: Readonly<Record<string, (closure: LibraryClosure) => readonly Told[]>> = {
  direct(closure) {
    const made = createDirectEvaluator({ closure, defines: ['Asked'], valueSets: pinValueSets([]), period })
    return made.ok ? [] : made.diagnostics
  },
  sql(closure) {
    const core = compileDefines(closure, ['Asked'])
    if (!core.ok) return core.diagnostics
    const plan = planDefines(core.value, ['Bad.Asked'], { now })
    return plan.ok ? [] : plan.diagnostics
  },
  interpreter(closure) {
    const made = createInterpreter({ closure, defines: ['Asked'], valueSets: pinValueSets([]), period })
    return made.ok ? [] : made.diagnostics
  },
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

describe('CQL that does not translate is told with every message and its place', () => {
  const refused: Readonly<Record<string, readonly [texts: readonly string[], told: readonly object[]]>> = {
    'names that nothing has': [
      [`library Bad version '1'\ndefine "Asked": Nowhere(3)\ndefine "Other": "Missing" + 1`],
      [
        { code: 'elm/translation', place: { library: 'Bad', line: 2, column: 17 } },
        { code: 'elm/translation', place: { library: 'Bad', line: 3, column: 17 } },
      ],
    ],
    'an include that is not there': [
      [`library Bad version '1'\ninclude Absent version '1'\ndefine "Asked": 1`],
      [{ code: 'elm/missing-library', place: { library: 'Bad', line: 2, column: 1 } }],
    ],
    'an include of another version': [
      [`library Bad version '1'\ninclude Common version '2'\ndefine "Asked": 1`, `library Common version '1'`],
      [
        {
          code: 'elm/wrong-library-version',
          message: 'Library Common|2 is not there; at hand: Common|1.',
          place: { library: 'Bad', line: 2, column: 1 },
        },
      ],
    ],
    'a function that calls itself': [
      [`library Bad version '1'\ndefine function F(x Integer) returns Integer:\n  F(x - 1)\ndefine "Asked": F(3)`],
      [{ code: 'elm/translation', place: { library: 'Bad', line: 3 } }],
    ],
    'functions that call each other': [
      [
        `library Bad version '1'\ndefine function F(x Integer) returns Integer: G(x)\ndefine function G(x Integer) returns Integer: F(x)\ndefine "Asked": F(3)`,
      ],
      [{ code: 'elm/translation', place: { library: 'Bad', line: 3 } }],
    ],
    'a fluent function that calls itself': [
      [
        `library Bad version '1'\ndefine fluent function down(x Integer) returns Integer:\n  (x - 1).down()\ndefine "Asked": (3).down()`,
      ],
      [{ code: 'elm/translation', place: { library: 'Bad', line: 3 } }],
    ],
    'a define that is defined by itself': [
      [`library Bad version '1'\ndefine "Asked": "Other"\ndefine "Other": "Asked"`],
      [{ code: 'elm/translation', place: { library: 'Bad', line: 2 } }],
    ],
    'an expression that nests too deeply for the translator': [
      [`library Bad version '1'\ndefine "Asked": ${lines(4000, () => '1').replaceAll('\n', ' + ')}`],
      [{ code: 'elm/too-deep', place: { library: 'Bad' } }],
    ],
  }
  test.each(Object.entries(refused))('%s', async (_, [texts, told]) => {
    const made = await translated(...texts)
    const found = made.ok ? [] : made.diagnostics.filter((one) => one.severity === 'error')
    expect(found).toEqual(expect.arrayContaining(told.map((one) => expect.objectContaining(deep(one)) as unknown)))
  })
})

/** Expectations at every level of an object. */
function deep(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      typeof part === 'object' ? (expect.objectContaining(deep(part as object)) as unknown) : part,
    ]),
  )
}

describe.each(Object.keys(engines))('%s tells at compile time', (engine) => {
  const toldOf = (closure: LibraryClosure) => engines[engine]?.(closure) ?? []

  async function toldOfText(body: string): Promise<readonly Told[]> {
    const made = await translated(`library Bad version '1'\n${body}`)
    expect(made.ok).toBe(true)
    return made.ok ? toldOf(made.value) : []
  }

  test('a function without CQL', async () => {
    const told = await toldOfText('define function F(x Integer) returns Integer: external\ndefine "Asked": F(3)')
    expect(told).toMatchObject([{ code: expect.stringMatching(/external-function$/) as unknown }])
  })

  test('a parameter of the wrong type', async () => {
    const told = await toldOfText('parameter "Measurement Period" Integer\ndefine "Asked": "Measurement Period" + 1')
    const place = { library: 'Bad', define: 'Measurement Period', line: 2, column: 1 }
    expect(told).toMatchObject([{ code: expect.stringMatching(/\/parameter-type$/) as unknown, place }])
  })

  test('a define that is not there', () => {
    const told = toldOf(closureOf([{ name: 'Other', expression: { type: 'Null' } }]))
    expect(told).toMatchObject([{ code: expect.stringMatching(/\/missing-define$/) as unknown }])
  })

  test('an operator that nobody knows', () => {
    const told = toldOf(closureOf([{ name: 'Asked', expression: { type: 'Divine', ...at } }]))
    expect(told).toMatchObject([{ code: expect.stringMatching(/\/unsupported(-operator)?$/) as unknown, place }])
  })

  test.each([
    ['itself', [functionOf('F', 'F')]],
    ['another that calls it', [functionOf('F', 'G'), functionOf('G', 'F')]],
  ])('ELM of a function that calls %s', (_, functions) => {
    const told = toldOf(closureOf([{ name: 'Asked', expression: callOf('F') }, ...functions]))
    expect(told).toMatchObject([
      {
        code: expect.stringMatching(/\/recursive-function$/) as unknown,
        place: { library: 'Bad', line: 3, column: 5 },
      },
    ])
  })

  test.each([
    ['terms', `define "Asked": ${lines(520, () => '1').replaceAll('\n', ' + ')}`],
    ['defines', `define "D0": 1\n${lines(300, (at) => `define "D${at + 1}": "D${at}" + 1`)}\ndefine "Asked": "D300"`],
    [
      'functions',
      `define function F0(x Integer): x\n${lines(300, (at) => `define function F${at + 1}(x Integer): F${at}(x) + 1`)}\ndefine "Asked": F300(1)`,
    ],
  ])('too many %s within each other', async (_, body) => {
    const told = await toldOfText(body)
    expect(told).toMatchObject([{ code: expect.stringMatching(/\/too-deep$/) as unknown, place: { library: 'Bad' } }])
    expect(told[0]?.place?.line).toBeGreaterThan(1)
  })
})

test('a plan that grows without end is told at its clause; closures still evaluate the logic', async () => {
  const functions = lines(23, (at) => `define function F${at + 1}(x Integer): F${at}(x) + F${at}(x + ${at})`)
  const made = await translated(
    `library Bad version '1'\ndefine function F0(x Integer): x\n${functions}\ndefine "Asked": F23(1)`,
  )
  if (!made.ok) throw new RangeError('it translates')
  expect(engines['direct']?.(made.value)).toEqual([])
  const told = engines['sql']?.(made.value) ?? []
  expect(told).toMatchObject([{ code: 'plan/too-large', place: { library: 'Bad' } }])
  expect(told[0]?.place?.line).toBeGreaterThan(1)
})

const at = { localId: '7', locator: '3:5-3:20' } as const
const place = { library: 'Bad', define: 'Asked', line: 3, column: 5 }
const callOf = (name: string): ElmNode => ({ type: 'FunctionRef', name, operand: [], ...at })
const functionOf = (name: string, calls: string) => ({
  name,
  type: 'FunctionDef',
  operand: [],
  expression: callOf(calls),
})

/** A library as a package may ship it: ELM that no translator of ours has seen. */
function closureOf(def: NonNullable<ElmLibrary['statements']>['def']): LibraryClosure {
  const main: ElmLibrary = { identifier: { id: 'Bad', version: '1' }, statements: { def } }
  return { main, libraries: [main], cql: new Map(), hash: '' }
}
