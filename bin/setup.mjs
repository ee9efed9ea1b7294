// What every command needs before it can run: the right Node, the packages of the lock file, the built code.
// Plain JavaScript without packages, for it runs before any are installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Ends the process with one line that says what is wrong and what to do. */
export function refuse(message) {
  process.stderr.write(`caregap: ${message}\n`)
  process.exit(4)
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    refuse(`Node ${process.versions.node} is too old. Install Node 20.19 or newer (the current LTS is best).`)
  }
}

const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

/** Installs the packages of package-lock.json where node_modules is missing or of another lock file. */
export function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.caregap-lock')
  const wanted = digest(readFileSync(join(root, 'package-lock.json')))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('caregap: installing packages (once) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--no-fund', '--no-audit', '--include=dev'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.error !== undefined) refuse(`npm cannot be started (${done.error.message}). Install npm and run this again.`)
  if (done.status !== 0)
    refuse('the packages could not be installed; npm says why above. Mend that and run this again.')
  writeFileSync(stamp, wanted)
}

function sourceStamp(folder) {
  const lines = []
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) visit(child)
      else if (/\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) {
        const { mtimeMs, size } = statSync(child)
        lines.push(`${child} ${mtimeMs} ${size}`)
      }
    }
  }
  visit(folder)
  return digest(lines.sort((a, b) => (a < b ? -1 : 1)).join('\n'), readFileSync(join(root, 'tsconfig.json')))
}

/** Builds src into dist where dist is missing or older. Built aside and moved, so that no half build is ever run. */
export function ensureBuilt() {
  const stamp = join(root, 'dist', '.stamp')
  const wanted = sourceStamp(join(root, 'src'))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const aside = join(root, `dist-${process.pid}`)
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const done = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', aside], {
    cwd: root,
    encoding: 'utf8',
  })
  if (!existsSync(join(aside, 'cli'))) {
    rmSync(aside, { recursive: true, force: true })
    refuse(`the code does not build:\n${done.stdout}${done.stderr}`)
  }
  mkdirSync(aside, { recursive: true })
  writeFileSync(join(aside, '.stamp'), wanted)
  const old = join(root, `dist-old-${process.pid}`)
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old)
  renameSync(aside, join(root, 'dist'))
  rmSync(old, { recursive: true, force: true })
}

/** All of the above. DuckDB works in native threads: the pool must be large before its first use. */
export function setUp() {
  checkNode()
  ensureInstalled()
  ensureBuilt()
  process.env.UV_THREADPOOL_SIZE ??= '16'
}
