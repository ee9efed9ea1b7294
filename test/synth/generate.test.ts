import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type GenerateOptions, generateExport } from '../../src/synth/index.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function generate(options: Omit<GenerateOptions, 'out'>): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'caregap-synth-'))
  folders.push(out)
  await generateExport({ ...options, out })
  return out
}

const linesOf = (...path: string[]): string[] =>
  readFileSync(join(...path), 'utf8')
    .trimEnd()
    .split('\n')

test('the same seed gives the same bytes, another seed others', async () => {
  const [first, second, other] = [
    await generate({ patients: 40, seed: 5 }),
    await generate({ patients: 40, seed: 5 }),
    await generate({ patients: 40, seed: 6 }),
  ]
  const files = readdirSync(first, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.'))
  expect(files.length).toBeGreaterThan(40)
  for (const file of files)
    expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file))), file).toBe(true)
  const observations = join('lakeside', 'Observation.ndjson')
  expect(readFileSync(join(other, observations)).equals(readFileSync(join(first, observations)))).toBe(false)
})

test('a person is the same in a larger population', async () => {
  const small = await generate({ patients: 30, seed: 9, registryShare: 0.5 })
  const large = await generate({ patients: 90, seed: 9, registryShare: 0.5 })
  const few = linesOf(small, 'truth', 'facts.ndjson')
  expect(linesOf(large, 'truth', 'facts.ndjson').slice(0, few.length)).toEqual(few)
})

test('manifests name every file with its lines', async () => {
  const out = await generate({ patients: 30, seed: 1 })
  for (const source of ['lakeside', 'northgate', 'harbor']) {
    const manifest = JSON.parse(readFileSync(join(out, source, 'manifest.json'), 'utf8')) as {
      output: { type: string; url: string; count: number }[]
    }
    const files = readdirSync(join(out, source)).filter((name) => name.endsWith('.ndjson'))
    expect(manifest.output.map((one) => one.url).sort()).toEqual(files.sort())
    for (const { url, count, type } of manifest.output) {
      const lines = linesOf(out, source, url)
      expect(lines).toHaveLength(count)
      expect(lines.every((line) => line.startsWith(`{"resourceType":"${type}"`))).toBe(true)
    }
  }
})

test('faults are written where asked for, and listed', async () => {
  const faults = ['truncated', 'not-json', 'no-resource-type', 'invalid-utf8'] as const
  const out = await generate({ patients: 5, seed: 1, faults })
  const lines = linesOf(out, 'lakeside', 'Observation.ndjson')
  const listed = linesOf(out, 'truth', 'mess.ndjson')
    .map((line) => JSON.parse(line) as { kind: string; line?: number })
    .filter((item) => item.kind === 'malformed-line')
  expect(listed.map((item) => item.line)).toEqual(faults.map((_, place) => lines.length - faults.length + place + 1))
  expect(() => void JSON.parse(lines.at(-4) ?? '')).toThrow(SyntaxError)
  expect(readFileSync(join(out, 'lakeside', 'Observation.ndjson')).includes(Buffer.from([0xff, 0xfe]))).toBe(true)
})

test.each([
  { patients: 0, seed: 1 },
  { patients: 1.5, seed: 1 },
  { patients: 1, seed: Number.NaN },
  { patients: 1, seed: 1, registryShare: 2 },
])('refuses %o', async (options) => {
  await expect(generateExport({ ...options, out: join(tmpdir(), 'never-written') })).rejects.toThrow(
    /synth\/option-invalid|whole number/,
  )
})

test('a folder that cannot be made is a fault of the system, with its place', async () => {
  const out = mkdtempSync(join(tmpdir(), 'caregap-synth-'))
  folders.push(out)
  writeFileSync(join(out, 'file'), '')
  await expect(generateExport({ patients: 1, seed: 1, out: join(out, 'file', 'below') })).rejects.toMatchObject({
    exitCode: 4,
    diagnostics: [{ code: 'synth/write-failed' }],
  })
})

test.skipIf(!existsSync('/dev/full')).each([true, false])(
  'a full disk is one too (compressed: %s)',
  async (compressed) => {
    const out = mkdtempSync(join(tmpdir(), 'caregap-synth-'))
    folders.push(out)
    mkdirSync(join(out, 'lakeside'))
    symlinkSync('/dev/full', join(out, 'lakeside', `Observation.ndjson${compressed ? '.gz' : ''}`))
    const generated = generateExport({ patients: 300, seed: 1, out, compressed })
    await expect(generated).rejects.toMatchObject({ exitCode: 4, diagnostics: [{ code: 'synth/write-failed' }] })
    expect(existsSync(join(out, 'lakeside', 'manifest.json'))).toBe(false)
  },
)
