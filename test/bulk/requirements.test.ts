import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'

// docs/bulk-data.md has a row for each requirement: what holds it, or why it is not done.

/** How many requirements each part of the checklist has. */
const parts = { A: 20, B: 20, C: 10, D: 14, E: 14, F: 8, G: 15, H: 7, I: 12 }

const document = readFileSync(join(projectRoot, 'docs', 'bulk-data.md'), 'utf8')
const rows = [...document.matchAll(/^\| ([A-I]\d[^|]*) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, keys = '', what = '', state = '']) => ({ keys: keysOf(keys), what, state }),
)

/** `A4, A5`, `C1 to C5`, `F1 to F4, F6 to F8`. */
function keysOf(text: string): string[] {
  return text.split(', ').flatMap((part) => {
    const [, letter = '', from = '', to = from] = /^([A-I])(\d+)(?: to [A-I](\d+))?$/.exec(part.trim()) ?? []
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${letter}${Number(from) + index}`)
  })
}

test('every requirement of the checklist has one row, and nothing else has', () => {
  const wanted = Object.entries(parts).flatMap(([part, count]) =>
    Array.from({ length: count }, (_, index) => `${part}${index + 1}`),
  )
  expect(rows.flatMap(({ keys }) => keys).sort()).toEqual(wanted.sort())
})

const folders = ['test/bulk', 'src/bulk', 'test/ingest', 'test']

test.each(rows.filter(({ state }) => state.startsWith('done')))('$what: done, by tests that there are', ({ state }) => {
  const named = (/^done: ([^;(]+)/.exec(state)?.[1] ?? '').split(', ').map((name) => name.trim().replaceAll('`', ''))
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) {
    if (name === 'fault') continue
    const path = name.startsWith('bench/') ? name : `${name}.test.ts`
    expect(
      folders.some((folder) => existsSync(join(projectRoot, name.startsWith('bench/') ? '' : folder, path))),
      name,
    ).toBe(true)
  }
})

test('what is not done says why', () => {
  const bare = rows.filter(({ state }) => !state.startsWith('done') && state.trim().length < 12)
  expect(bare).toEqual([])
})
