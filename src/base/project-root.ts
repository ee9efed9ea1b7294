import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fault } from './error.ts'

/** The folder that holds package.json: the same from `src/` (tests) and from `dist/` (commands). */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  let folder = from
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw fault('system', 'base/no-project-root', `No package.json above ${from}.`)
    folder = parent
  }
  return folder
}
