import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateExport } from '../../src/synth/index.ts'
import { demoFolder } from './demo.ts'

interface Summary {
  readonly persons: number
  readonly seed: number
  readonly registryShare: number
}

/** Content by path, uncompressed: what gzip makes of it may differ between versions of zlib. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(gz|json|csv)$/.test(path),
  )
  return new Map(
    files.sort().map((path) => {
      const bytes = readFileSync(join(folder, path))
      return [path, (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')]
    }),
  )
}

let again = ''
beforeAll(async () => {
  again = mkdtempSync(join(tmpdir(), 'caregap-demo-'))
  const recorded = JSON.parse(readFileSync(join(demoFolder, 'truth', 'summary.json'), 'utf8')) as Summary
  const { persons: patients, seed, registryShare } = recorded
  await generateExport({ patients, seed, registryShare, compressed: true, out: again })
})
afterAll(() => rmSync(again, { recursive: true }))

test('the bundled set is what its recorded seed and sizes give, byte for byte', () => {
  const bundled = contents(demoFolder)
  bundled.delete('caregap.config.json')
  const regenerated = contents(again)
  expect([...regenerated.keys()]).toEqual([...bundled.keys()])
  for (const [path, text] of bundled) expect(regenerated.get(path) === text, path).toBe(true)
})

test('the bundled set is at most 8 MB', () => {
  const sizes = readdirSync(demoFolder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8_000_000)
})
