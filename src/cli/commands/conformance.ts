import { resolve } from 'node:path'
import {
  type ConformanceEngine,
  directEngine,
  interpreterEngine,
  runConformance,
  sqlEngine,
} from '../../compile/index.ts'
import type { Command } from '../command.ts'
import { wrongUse } from '../parse.ts'

const engines: Readonly<Record<string, () => ConformanceEngine>> = {
  direct: () => directEngine,
  sql: sqlEngine,
  interpreter: () => interpreterEngine,
}

/** So many failures are shown to a person; --json has them all. */
const shownFailures = 50

/** `caregap conformance`: a file of the CQL test suite on one engine. */
export const conformance: Command = {
  name: 'conformance',
  summary: 'run a file of CQL tests on an engine',
  usage: 'FILE --engine direct|sql|interpreter',
  options: {
    engine: { type: 'string', value: 'NAME', help: `${Object.keys(engines).join(' or ')} (default direct)` },
  },
  examples: [
    'caregap conformance cql-tests.json --engine sql',
    'caregap conformance cql-tests.json --engine direct --json',
  ],
  async run(invocation) {
    const [file, ...more] = invocation.positionals
    if (file === undefined || more.length > 0) throw wrongUse(this, 'one FILE is needed')
    const name = invocation.text('engine') ?? 'direct'
    const engine = Object.hasOwn(engines, name) ? engines[name]?.() : undefined
    if (engine === undefined) throw wrongUse(this, `there is no engine '${name}'`)
    const report = await runConformance(resolve(file), engine)
    const failures = report.results.filter(({ passed }) => !passed)
    for (const { id, expression, expected, actual } of failures.slice(0, shownFailures)) {
      invocation.note(`${id}: ${expression}\n  expected ${expected}, got ${actual}`)
    }
    invocation.print(
      `${report.engine}: ${report.passed} passed, ${report.failed} failed, ${report.total} in all`,
      report,
    )
    return report.failed > 0 ? 1 : 0
  },
}
