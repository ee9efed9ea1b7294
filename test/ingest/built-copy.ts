import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/base/index.ts'

/** Builds the sources into a folder of their own, for tests that need another process; `dist` inside it. */
export function buildCopy(): { readonly dist: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-built-'))
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  copyFileSync(join(projectRoot, 'package.json'), join(folder, 'package.json'))
  const dist = join(folder, 'dist')
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  spawnSync(process.execPath, [tsc, '-p', join(projectRoot, 'tsconfig.build.json'), '--outDir', dist])
  return { dist, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
