import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../src/base/index.ts'

const binary = join(projectRoot, 'bin', 'caregap')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `bin/caregap` as a person would, in `cwd`, and waits for its end. */
export function caregap(argumentList: readonly string[], cwd: string = projectRoot): Finished {
  const done = spawnSync(process.execPath, [binary, ...argumentList], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  return { code: done.status, stdout: done.stdout, stderr: done.stderr }
}

/** The same without holding this process up, for commands that ask something of it. */
export async function caregapAside(argumentList: readonly string[], cwd: string): Promise<Finished> {
  const child = spawn(process.execPath, [binary, ...argumentList], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (text: Buffer) => {
      said[name] += text.toString('utf8')
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

/** Starts `bin/caregap serve` (or another command that serves) and gives the URL that it prints. */
export async function startCaregap(
  argumentList: readonly string[],
): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [binary, ...argumentList], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text.toString('utf8')
      const found = /http:\/\/\S+:\d+/.exec(said)
      if (found !== null) resolve(found[0])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)))
  })
  return { url, process: child }
}

/** The exit code of a process that was told to end. */
export function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.kill('SIGTERM')
  })
}
