import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { projectRoot } from '../../src/base/index.ts'

/** The floors of src/, ground floor first. A room imports only rooms of floors before its own. */
export const floors: readonly (readonly string[])[] = [
  ['base'],
  ['fhir', 'duck'],
  ['elm', 'store'],
  ['access', 'terminology', 'identity'],
  ['content'],
  ['bulk', 'ingest', 'core', 'synth'],
  ['direct', 'plan', 'interpret'],
  ['sql'],
  ['compile'],
  ['measure', 'views'],
  ['gaps'],
  ['cards', 'report'],
  ['jobs'],
  ['api', 'pages'],
  ['cli'],
]

const src = join(projectRoot, 'src')

/** Every source file below src/, tests left out, as paths relative to src. */
export function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => path.split('\\').join('/'))
    .sort()
}

export const textOf = (file: string): string => readFileSync(join(src, file), 'utf8')

/** Relative imports of a file (type imports too), as paths relative to src; dynamic imports included. */
export function importsOf(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '')
  return specifiers.map((specifier) => relative(src, resolve(src, dirname(file), specifier)))
}

export const roomOf = (file: string): string => file.split('/')[0] ?? ''
