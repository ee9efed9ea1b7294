import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { floors, importsOf, roomOf, sourceFiles, textOf } from './rooms.ts'

const files = sourceFiles()
const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room))
const rooms = [...new Set(files.map(roomOf))]

/** The first circle of a graph, as the path that closes it; undefined where there is none. */
function findCircle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const finished = new Set<string>()
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (finished.has(node)) return undefined
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node])
      if (circle !== undefined) return circle
    }
    finished.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const circle = visit(node, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

test('every room stands on a floor', () => {
  expect(rooms.filter((room) => floorOf(room) === -1)).toEqual([])
})

test('docs/architecture.md shows the floors as they are', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'architecture.md'), 'utf8')
  const shown = [...page.matchAll(/^\| \d+ \| (.*) \|$/gm)].map(([, row]) =>
    [...(row ?? '').matchAll(/`([a-z]+)`/g)].map(([, room]) => room),
  )
  expect(shown).toEqual(floors.map((floor) => floor.filter((room) => rooms.includes(room))))
})

test('a room imports only rooms of floors below it, and only their index.ts', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => roomOf(target) !== roomOf(file))
      .filter((target) => floorOf(roomOf(target)) >= floorOf(roomOf(file)) || !/^[^/]+\/index\.ts$/.test(target))
      .map((target) => `${file} -> ${target}`),
  )
  expect(wrong).toEqual([])
})

test('no circles between files', () => {
  const graph = new Map(files.map((file) => [file, new Set(importsOf(file))]))
  expect(findCircle(graph)).toBeUndefined()
})

test('no circles between the folders of a room', () => {
  // The files that lie in a room itself are no folder of their own here: they are the room's face (index.ts)
  // above its folders and the ground (types, sites) below them. Rooms are held apart by their floors.
  const graph = new Map<string, Set<string>>()
  for (const file of files) {
    const from = dirname(file)
    for (const to of importsOf(file).map(dirname)) {
      if (to !== from && from.includes('/') && to.includes('/') && roomOf(to) === roomOf(from))
        graph.set(from, (graph.get(from) ?? new Set()).add(to))
    }
  }
  expect(graph.size).toBeGreaterThan(5)
  expect(findCircle(graph)).toBeUndefined()
})

test('every room has an index.ts and a README of at most 30 lines', () => {
  const wrong = rooms.flatMap((room) => {
    const readme = join(projectRoot, 'src', room, 'README.md')
    if (!existsSync(readme)) return [`${room}: no README.md`]
    const lines = readFileSync(readme, 'utf8').trimEnd().split('\n').length
    const index = room === 'cli' || files.includes(`${room}/index.ts`)
    return [
      ...(lines > 30 ? [`${room}: README.md has ${lines} lines`] : []),
      ...(index ? [] : [`${room}: no index.ts`]),
    ]
  })
  expect(wrong).toEqual([])
})

test('only duck/ imports the DuckDB package', () => {
  expect(files.filter((file) => roomOf(file) !== 'duck' && textOf(file).includes('@duckdb/node-api'))).toEqual([])
})

test('nothing outside base/ throws a bare Error, and nothing is any', () => {
  const wrong = files.filter((file) => {
    const code = textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    return roomOf(file) !== 'base' && (/throw new Error\(/.test(code) || /(:|\bas|<)\s*any\b/.test(code))
  })
  expect(wrong).toEqual([])
})

test('files are named in kebab-case, and none is a drawer for anything', () => {
  const wrong = files.filter(
    (file) => !/^[a-z0-9./-]+$/.test(file) || /(utils?|helpers?|misc|common)\.tsx?$/.test(file),
  )
  expect(wrong).toEqual([])
})

test('no file of src/ is empty of purpose: each folder holds code', () => {
  const folders = readdirSync(join(projectRoot, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map((folder) => folder.name).filter((name) => !rooms.includes(name))).toEqual([])
})
