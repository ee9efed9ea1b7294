import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'

// Codes of SNOMED CT and LOINC end in a check digit, so that a digit that is wrong, or two that changed places, is seen
// without a release of either: in logic, value sets, orders, cases and the data that is made.

const snomed = 'http://snomed.info/sct'
const loinc = 'http://loinc.org'

interface Found {
  readonly file: string
  readonly system: string
  readonly code: string
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })

function codesInJson(file: string, value: unknown): readonly Found[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => codesInJson(file, one))
  const { system, code, concept } = value as {
    readonly system?: unknown
    readonly code?: unknown
    readonly concept?: unknown
  }
  const listed = Array.isArray(concept) ? concept.map((one: { readonly code?: unknown }) => one.code) : []
  const own =
    system === snomed || system === loinc
      ? [code, ...listed].flatMap((one) => (typeof one === 'string' ? [{ file, system, code: one }] : []))
      : []
  return [...own, ...Object.values(value).flatMap((one) => codesInJson(file, one))]
}

/** Texts that look like a code of either: nothing else in logic does. */
function codesInText(file: string, text: string): readonly Found[] {
  const found = (pattern: RegExp, system: string) =>
    [...text.matchAll(pattern)].map(([, code = '']) => ({ file, system, code }))
  return [...found(/'(\d{6,18})'/g, snomed), ...found(/'(\d{1,5}-\d)'/g, loinc)]
}

const codes = ['cql', 'cds', 'measures'].flatMap((folder) =>
  filesIn(join(projectRoot, folder)).flatMap((file) => {
    if (file.endsWith('.cql')) return codesInText(file, readFileSync(file, 'utf8'))
    return file.endsWith('.json') ? codesInJson(file, JSON.parse(readFileSync(file, 'utf8'))) : []
  }),
)

/** The multiplication and permutation of Verhoeff's dihedral check, by which SNOMED CT ids end. */
const turn = (a: number, b: number): number =>
  a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (5 + a - b) % 5
const first = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
const permuted = (place: number, digit: number): number =>
  place % 8 === 0 ? digit : permuted((place % 8) - 1, first[digit] ?? 0)
const isSnomed = (code: string): boolean =>
  /^[1-9]\d{5,17}$/.test(code) &&
  Array.from(code, Number)
    .reverse()
    .reduce((sum, digit, place) => turn(sum, permuted(place, digit)), 0) === 0

/** Every second digit from the right counts twice (as of credit cards). */
function isLoinc(code: string): boolean {
  const [, body = '', check] = /^(\d{1,5})-(\d)$/.exec(code) ?? []
  const sum = Array.from(body, Number)
    .reverse()
    .map((digit, place) => digit * (place % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return body !== '' && (10 - (sum % 10)) % 10 === Number(check)
}

test('the checks know codes from others', () => {
  expect(['22298006', '428361000124107', '74400008', '399211009'].every(isSnomed)).toBe(true)
  expect(['22298007', '22289006', '428361000124170', '74400080'].some(isSnomed)).toBe(false)
  expect(['4548-4', '2093-3', '85354-9', '39156-5'].every(isLoinc)).toBe(true)
  expect(['4548-5', '4584-4', '85534-9', '4548'].some(isLoinc)).toBe(false)
})

test('every code of SNOMED CT and LOINC that we wrote has the check digit that belongs to it', () => {
  expect(codes.filter(({ system }) => system === snomed).length).toBeGreaterThan(200)
  expect(codes.filter(({ system }) => system === loinc).length).toBeGreaterThan(100)
  const wrong = codes.filter(({ system, code }) => !(system === snomed ? isSnomed(code) : isLoinc(code)))
  expect(wrong.map(({ file, code }) => `${file.slice(projectRoot.length + 1)}: ${code}`)).toEqual([])
})

test.each([
  ['StatinUse', 'cds/statin-use/valuesets/statin-use-codes.json'],
  ['DiabetesScreening', 'cds/diabetes-screening/valuesets/diabetes-screening-codes.json'],
])(
  'codes that stand as text in %s are listed with their names, so that releases can be held against them',
  (name, list) => {
    const cql = join(projectRoot, 'cql', `${name}.cql`)
    const text = codesInText(cql, readFileSync(cql, 'utf8')).filter(({ system }) => system === snomed)
    const listed = codesInJson(list, JSON.parse(readFileSync(join(projectRoot, list), 'utf8')))
    expect(listed.map(({ code }) => code).toSorted()).toEqual(text.map(({ code }) => code).toSorted())
  },
)
