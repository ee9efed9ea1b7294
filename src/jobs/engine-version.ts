import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { projectRoot } from '../base/index.ts'

/** What evaluates, with the versions that its results depend on: part of every run's stamp. */
export const interpreterVersion: string = [
  `caregap ${versionIn(join(projectRoot, 'package.json'))}`,
  `cql-execution ${versionIn(createRequire(import.meta.url).resolve('cql-execution/package.json'))}`,
].join(', ')

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
