import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { loadUsers } from '../../access/index.ts'
import {
  CaregapError,
  checkDisk,
  checkMemory,
  checkNode,
  type Diagnostic,
  formatDiagnostic,
  readFreeDisk,
  readMemory,
  systemClock,
} from '../../base/index.ts'
import { checkServiceCases, loadPlans } from '../../cards/index.ts'
import { loadContent } from '../../content/index.ts'
import { checkDatabaseFile } from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'

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
      ...checkUsers(invocation),
      ...(await checkContent(invocation)),
    ]
    invocation.print(found.map(line).join('\n'), { checks: found })
    return found.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

function checkUsers({ config }: Invocation): readonly Diagnostic[] {
  if (config.users === undefined) return []
  try {
    loadUsers(config.users)
    return [{ code: 'cli/users-fine', severity: 'information', message: 'The users file can be read.' }]
  } catch (thrown) {
    if (thrown instanceof CaregapError) return thrown.diagnostics
    throw thrown
  }
}

/** The measures as commands will load them: what is refused there is an error here. */
async function checkContent({ config }: Invocation): Promise<readonly Diagnostic[]> {
  try {
    const { measures, refused, terminology, valueSets } = await loadContent({ terminology: config.terminology })
    // Cases are of the logic as it is written, without parameters of this configuration.
    const services = await loadPlans({ folders: config.cds.folders, valueSets })
    const faults = [
      ...terminology.filter(({ severity }) => severity === 'error'),
      ...refused.flatMap((one) => one.diagnostics),
      ...services.refused.flatMap((one) => one.diagnostics),
      ...(await checkServiceCases(services.plans, { ...config.cds, services: {} })),
    ]
    const ready: Diagnostic = {
      code: 'cli/measures-ready',
      severity: 'information',
      message: `${measures.length} shipped measures can be run: ${measures.map(({ id }) => id).join(', ')}.`,
    }
    return [...faults, ...(measures.length > 0 ? [ready] : [])]
  } catch (thrown) {
    if (thrown instanceof CaregapError) return thrown.diagnostics
    throw thrown
  }
}

const line = (one: Diagnostic): string => `${marks[one.severity]} ${formatDiagnostic(one)}`

/** The folder itself, or the nearest above it that exists: the disk that the file would lie on. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}
