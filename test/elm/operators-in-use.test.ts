import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { type ElmLibrary, interpreterOperators, operatorUsage, readCqlFolders, translate } from '../../src/elm/index.ts'

const folder = join(projectRoot, 'cql')

/** The names of the libraries that no other includes: their closures hold all of `cql/`. */
function topLibraries(): readonly string[] {
  const sources = readCqlFolders([folder])
  const included = new Set(sources.flatMap(({ header }) => header.includes.map(({ name }) => name)))
  return sources.map(({ name }) => name).filter((name) => !included.has(name))
}

/** Every library of `cql/`, translated, each once. */
async function shippedLibraries(): Promise<readonly ElmLibrary[]> {
  const libraries = new Map<string, ElmLibrary>()
  for (const name of topLibraries()) {
    const closure = unwrap(await translate({ name, folders: [folder] }))
    for (const library of closure.libraries) libraries.set(library.identifier.id, library)
  }
  return [...libraries.values()]
}

test('the shipped logic translates without a warning', async () => {
  for (const name of topLibraries()) {
    const result = await translate({ name, folders: [folder] })
    expect(result.ok, name).toBe(true)
    expect(result.diagnostics, name).toEqual([])
  }
  expect((await shippedLibraries()).length).toBe(readCqlFolders([folder]).length)
})

test('docs/elm-operators.md tells the operators in use (vitest -u writes it anew)', async () => {
  const usage = operatorUsage(await shippedLibraries())
  const rows = usage.map(
    ({ operator, count, libraries }) =>
      `| ${operator} | ${count} | ${libraries.join(', ')} | ${interpreterOperators.has(operator) ? 'yes' : 'NO'} |`,
  )
  const page = [
    '# ELM operators in use',
    '',
    'Made by `test/elm/operators-in-use.test.ts` from the libraries in `cql/`; run it with `npx vitest run -u` after a change.',
    'An engine must know every operator here; what it does not know is refused before it runs (`src/elm/guard`).',
    '',
    '| operator | uses | libraries | interpreter |',
    '|---|---:|---|---|',
    ...rows,
    '',
  ].join('\n')
  await expect(page).toMatchFileSnapshot(join(projectRoot, 'docs', 'elm-operators.md'))
  expect(usage.filter(({ operator }) => !interpreterOperators.has(operator))).toEqual([])
})
