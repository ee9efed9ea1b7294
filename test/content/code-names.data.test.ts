import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'

// The codes that we wrote mean what others call them: names in logic, value sets and orders against those that stand beside
// the same codes in public records, cases and published logic. That tells a wrong code, not a name that is a little old.

const data = process.env['CAREGAP_TEST_DATA'] ?? resolve(projectRoot, '../shared/data')
const published = process.env['CAREGAP_PUBLISHED_CONTENT'] ?? ''
const isThere = existsSync(join(data, 'synthea-100')) && existsSync(join(data, 'ecqm', 'cases'))
if (!isThere) console.log('Skipped: CAREGAP_TEST_DATA names no folder with public records.')

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder).flatMap((name) => {
        const path = join(folder, name)
        return statSync(path).isDirectory() ? filesIn(path) : [path]
      })
    : []

interface Named {
  readonly file: string
  readonly key: string
  readonly name: string
}

type Json = Readonly<Record<string, unknown>>

/** Every coding with a name, and every concept of a value set. */
function namedIn(file: string, root: unknown): readonly Named[] {
  const found: Named[] = []
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      stack.push(...(value as readonly unknown[]))
      continue
    }
    const { system, concept } = value as Json
    const codings = [value as Json, ...(Array.isArray(concept) ? (concept as readonly Json[]) : [])]
    if (typeof system === 'string')
      for (const { code, display } of codings)
        if (typeof code === 'string' && typeof display === 'string')
          found.push({ file, key: `${system}|${code}`, name: display })
    stack.push(...Object.values(value))
  }
  return found
}

/** Codes that CQL declares. */
function declaredIn(file: string, text: string): readonly Named[] {
  const systems = new Map(
    [...text.matchAll(/codesystem "([^"]+)": '([^']+)'/g)].map(([, name = '', url = '']) => [name, url] as const),
  )
  const codes = text.matchAll(/code "([^"]+)": '([^']+)' from "([^"]+)"(?: display '([^']*)')?/g)
  return [...codes].map(([, name = '', code = '', system = '', display]) => ({
    file,
    key: `${systems.get(system) ?? system}|${code}`,
    name: display ?? name,
  }))
}

function linesOf(file: string): readonly unknown[] {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown)
}

function namesOfOthers(): ReadonlyMap<string, ReadonlySet<string>> {
  const records = [join(data, 'synthea-100'), join(data, 'ecqm', 'cases')]
    .flatMap(filesIn)
    // Claims hold the same codes again, in most of the bytes.
    .filter((file) => /\.ndjson(\.gz)?$/.test(file) && !/Claim|ExplanationOfBenefit/.test(file))
  const names = new Map<string, Set<string>>()
  const add = (found: readonly Named[]) => {
    for (const { key, name } of found) names.set(key, (names.get(key) ?? new Set()).add(name))
  }
  for (const file of records) add(namedIn(file, linesOf(file)))
  for (const file of filesIn(join(published, 'cql')).filter((one) => published !== '' && one.endsWith('.cql')))
    add(declaredIn(file, readFileSync(file, 'utf8')))
  return names
}

const ours = (): readonly Named[] =>
  ['cql', 'cds', 'measures'].flatMap((folder) =>
    filesIn(join(projectRoot, folder))
      .filter((file) => !file.includes('/cases/'))
      .flatMap((file) => {
        const text = readFileSync(file, 'utf8')
        if (file.endsWith('.cql')) return declaredIn(file, text)
        return file.endsWith('.json') ? namedIn(file, JSON.parse(text)) : []
      }),
  )

const abbreviated: Readonly<Record<string, string>> = {
  bmi: 'body mass index',
  hdl: 'high density lipoprotein',
  ldl: 'low density lipoprotein',
  bp: 'blood pressure',
  stroke: 'cerebrovascular accident',
}
const small = new Set('of in or and the by with for to a an serum plasma mass volume type no not'.split(' '))

/** The words that say what is meant: without the kind in parentheses at the end, plurals and small words. */
function wordsOf(name: string): ReadonlySet<string> {
  const plain = name.toLowerCase().replace(/\([a-z /]+\)$/, '')
  const words = (plain.match(/[a-z0-9]+/g) ?? []).flatMap((word) => (abbreviated[word] ?? word).split(' '))
  return new Set(words.map((word) => word.replace(/s$/, '')).filter((word) => !small.has(word)))
}

/** Half of the shorter name's words, at least, are in the other. */
function isAlike(one: string, other: string): boolean {
  const [left, right] = [wordsOf(one), wordsOf(other)]
  const shared = [...left].filter((word) => right.has(word)).length
  return shared * 2 >= Math.min(left.size, right.size) && shared > 0
}

test.skipIf(!isThere)('names of our codes agree with what others call the same codes', { timeout: 120_000 }, () => {
  const names = namesOfOthers()
  const checked = ours().filter(({ key }) => names.has(key))
  expect(new Set(checked.map(({ key }) => key)).size).toBeGreaterThan(60)
  const wrong = checked.filter(({ key, name }) => ![...(names.get(key) ?? [])].some((other) => isAlike(name, other)))
  expect(
    wrong.map(
      ({ file, key, name }) =>
        `${file.slice(projectRoot.length + 1)}: ${key} "${name}", elsewhere ${[...(names.get(key) ?? [])].join('; ')}`,
    ),
  ).toEqual([])
})

test('the comparison tells a wrong name', () => {
  expect(isAlike('Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'High Density Lipoprotein Cholesterol')).toBe(
    true,
  )
  expect(isAlike('Yes (qualifier value)', 'Yes')).toBe(true)
  expect(isAlike('Myocardial infarction', 'Hypothyroidism (disorder)')).toBe(false)
  expect(isAlike('Left (qualifier value)', 'Right (qualifier value)')).toBe(false)
})
