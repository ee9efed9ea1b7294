import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const schema = z.object({ process: z.number().int().positive(), url: z.url(), secret: z.string().min(32) })

/** The server that holds a database: written beside it, readable by nobody but the user who runs the server. */
export type ServerFile = z.infer<typeof schema>

const pathOf = (databasePath: string): string => `${databasePath}.server.json`

export const newSecret = (): string => randomBytes(32).toString('hex')

/** Says where commands over a database find the server that holds it; over what a killed one left. */
export function writeServerFile(databasePath: string, file: ServerFile): void {
  rmSync(pathOf(databasePath), { force: true })
  writeFileSync(pathOf(databasePath), JSON.stringify(file), { mode: 0o600 })
}

export function removeServerFile(databasePath: string): void {
  rmSync(pathOf(databasePath), { force: true })
}

/** The server that holds a database, where its process lives; undefined too where its file may not be read. */
export function findServerFile(databasePath: string): ServerFile | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(pathOf(databasePath), 'utf8')))
    return parsed.success && isAlive(parsed.data.process) ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function isAlive(process_: number): boolean {
  if (process_ === process.pid) return false
  try {
    return process.kill(process_, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
