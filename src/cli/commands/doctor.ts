import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  checkDisk,
  checkMemory,
  checkNode,
  type Diagnostic,
  readFreeDisk,
  readMemory,
  systemClock,
} from '../../base/index.ts'
import { checkDatabaseFile } from '../../store/index.ts'
import type { Command } from '../command.ts'

const marks: Readonly<Record<Diagnostic['severity'], string>> = { error: '✗', warning: '!', information: '✓' }

/** `caregap doctor`: what is wrong with this machine, file or configuration, and what to do. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'check this machine, the database and the configuration, and say what to do',
  usage: '',
  options: {},
  examples: ['caregap doctor', 'caregap doctor --db /srv/caregap/aco.duckdb --json'],
  async run(invocation) {
    const folder = nearestFolder(dirname(invocation.databasePath))
    const found = [
      checkNode(process.versions.node, systemClock.now()),
      checkMemory(readMemory()),
      checkDisk(folder, readFreeDisk(folder)),
      ...(await checkDatabaseFile(invocation.databasePath)),
    ]
    invocation.print(found.map(line).join('\n'), { checks: found })
    return found.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

const line = ({ severity, message, remedy }: Diagnostic): string =>
  `${marks[severity]} ${message}${remedy === undefined ? '' : ` ${remedy}`}`

/** The folder itself, or the nearest above it that exists: the disk that the file would lie on. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}
