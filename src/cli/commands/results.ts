import { auditCommand } from '../../access/index.ts'
import { fault, systemClock } from '../../base/index.ts'
import { compareRuns } from '../../jobs/index.ts'
import {
  readPublishedRun,
  readRun,
  readRunBasis,
  readRunPersons,
  readRuns,
  resultLines,
  type Store,
} from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'
import { comparisonText } from '../comparison-text.ts'
import { openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** So many runs are listed. */
const listedRuns = 100

/** `caregap results`: a run's results, a line per source patient and group; what runs there are; two compared. */
export const results: Command = {
  name: 'results',
  summary: 'print the results of a run, list the runs, or compare two',
  usage: '[--run R] --ndjson | --runs | --compare BEFORE AFTER [--ndjson]',
  options: {
    run: { type: 'string', value: 'R', help: 'the run (default the newest published)' },
    ndjson: {
      type: 'boolean',
      help: 'NDJSON on stdout: {measure, source, patientId, person, group, populations, ...}',
    },
    runs: { type: 'boolean', help: 'the runs, newest first, with what each was made of' },
    compare: { type: 'boolean', help: 'who is newly in or out of each population between two runs, and why' },
  },
  examples: [
    'caregap results --ndjson > results.ndjson',
    'caregap results --run 3 --ndjson',
    'caregap results --runs --json',
    'caregap results --compare 3 5',
    'caregap results --compare 3 5 --ndjson   # a line per source patient and population',
  ],
  inServer: true,
  async run(invocation) {
    const { positionals } = invocation
    const compares = invocation.flag('compare')
    if (compares !== (positionals.length === 2) || (!compares && positionals.length > 0))
      throw wrongUse(this, '--compare takes two runs, and nothing else takes any')
    const store = await openCommandStore(invocation)
    try {
      if (compares) return await compare(store, invocation)
      return await (invocation.flag('runs') ? list(store, invocation) : print(store, invocation))
    } finally {
      store.close()
    }
  },
}

async function print(store: Store, invocation: Invocation): Promise<number> {
  const { session } = store
  const { runId } = await findRun(store, invocation)
  const pids = await readRunPersons(session, runId)
  await auditCommand(session, systemClock, { command: 'results', action: 'export-results', pids })
  if (!invocation.flag('ndjson')) invocation.note('Results come as NDJSON; --ndjson says so in scripts.')
  let failed = 0
  for await (const line of resultLines(session, runId)) {
    if (line.error !== undefined) failed += 1
    invocation.write(`${JSON.stringify(line)}\n`)
  }
  return failed > 0 ? 1 : 0
}

async function list({ session }: Store, invocation: Invocation): Promise<number> {
  const runs = await readRuns(session, listedRuns)
  const detailed = []
  for (const run of runs) detailed.push({ ...run, measures: await readRunBasis(session, run.runId) })
  const text = detailed.map(
    (run) =>
      `${run.runId}  ${run.state}  ${run.periodStart}..${run.periodEnd} ${run.timeZone}  ${run.engine}  ${run.persons ?? '-'} persons  ${run.startedAt}  data ${run.dataSnapshot.slice(0, 12)}  ${run.measures.map(({ measureId }) => measureId).join(', ')}`,
  )
  invocation.print(text.length === 0 ? 'There are no runs.' : text.join('\n'), detailed)
  return 0
}

async function compare(store: Store, invocation: Invocation): Promise<number> {
  const [before = 0, after = 0] = invocation.positionals.map((text) => runNumber(text))
  const comparison = await compareRuns(store.session, before, after)
  const pids = new Set(comparison.changes.flatMap((one) => [one.personBefore ?? [], one.personAfter ?? []].flat()))
  if (invocation.flag('ndjson') || invocation.json) {
    await auditCommand(store.session, systemClock, { command: 'results', action: 'compare-runs', pids: [...pids] })
  }
  if (invocation.flag('ndjson')) {
    for (const change of comparison.changes) invocation.write(`${JSON.stringify(change)}\n`)
  } else invocation.print(comparisonText(comparison), comparison)
  const unexplained = comparison.changes.filter(({ causes }) => causes.length === 0).length
  if (unexplained === 0) return 0
  invocation.note(
    `${unexplained} changes have no cause: equal inputs gave other results. Report this as a fault of caregap.`,
  )
  return 4
}

function runNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0 && value < 2_147_483_648) return value
  throw wrongUse(results, `'${text}' is no run`)
}

async function findRun(store: Store, invocation: Invocation) {
  const wanted = invocation.text('run') === undefined ? undefined : invocation.count('run', 0)
  const run = wanted === undefined ? await readPublishedRun(store.session) : await readRun(store.session, wanted)
  if (run?.state === 'published') return run
  const which = wanted === undefined ? 'no published run' : `no published run ${wanted}`
  throw fault('input', 'cli/no-run', `There is ${which} in this database.`, {
    place: { file: invocation.databasePath },
    remedy: 'Run `caregap evaluate --all` first.',
  })
}
