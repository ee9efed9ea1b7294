import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { projectRoot } from '../base/index.ts'
import type { Engine } from '../measure/index.ts'

const caregap = `caregap ${versionIn(join(projectRoot, 'package.json'))}`
const cqlExecution = versionIn(createRequire(import.meta.url).resolve('cql-execution/package.json'))

/** What evaluates, with the versions that its results depend on: part of every run's stamp. */
export const engineVersions: Readonly<Record<Engine, string>> = {
  interpreter: `${caregap}, cql-execution ${cqlExecution}`,
  direct: caregap,
  sql: caregap,
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
