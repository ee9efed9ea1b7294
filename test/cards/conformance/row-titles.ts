import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../src/base/index.ts'

/** Folders, and which of their test files are about CDS Hooks. */
const places: readonly (readonly [folder: string, file: RegExp])[] = [
  ['test/access', /^transport\.test\.ts$/],
  ['test/api', /^(cds-[\w-]+|server|smart-launch|cases)\.test\.ts$/],
  ['test/cards', /\.test\.ts$/],
]

// A text that starts with ids of rows: the title of a test, or of one of its cases.
const title = /['"`]((?:(?:[GDQPAKFJXE]\d{1,2}|[HS])(?:: | ))+)(?=\S)/g

/** Test files by the row that titles in them name, as paths within the project. */
export function filesByRow(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const file of testFiles())
    for (const row of rowsNamed(readFileSync(join(projectRoot, file), 'utf8')))
      found.set(row, [...(found.get(row) ?? []), file])
  return found
}

function testFiles(): readonly string[] {
  return places.flatMap(([folder, file]) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => file.test(name))
      .map((name) => `${folder}/${name}`)
      .sort(),
  )
}

function rowsNamed(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(title)].flatMap(([, ids = '']) => ids.replaceAll(':', ' ').trim().split(/ +/)))
}
