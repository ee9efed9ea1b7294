import type { Session } from '../duck/index.ts'

const bytesOf: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

/**
 * Lets the database keep up to a third of its memory for blocks that are used again, from now on: else each is given back to
 * the system and fetched anew, page by page, which was a sixth of the CPU time of loading. More is of no use. For a process that
 * loads much: it takes room among addresses for most of the machine's memory, and with two such databases in a process the
 * system may refuse to start another.
 */
export async function keepBlocks(session: Session): Promise<void> {
  const setting = await session.first<{ limit: string; kept: string }>(
    `SELECT current_setting('memory_limit') AS "limit", current_setting('block_allocator_memory') AS kept`,
  )
  const [, number, unit] = /^([\d.]+) (\w+)$/.exec(setting?.limit ?? '') ?? []
  // It can be set once and never be made less.
  if (setting?.kept !== '0 bytes' || number === undefined) return
  const third = Math.floor((Number(number) * (bytesOf[unit ?? ''] ?? 0)) / 3 / 2 ** 20)
  if (third > 0) await session.run(`SET block_allocator_memory = '${third}MiB'`)
}
