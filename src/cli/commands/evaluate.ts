import { CaregapError, type Diagnostic, formatDiagnostic, systemClock } from '../../base/index.ts'
import { type EngineVerification, verifyEngines } from '../../jobs/index.ts'
import { defaultEngine, type Engine, engines, type MeasurementPeriod } from '../../measure/index.ts'
import { type RunEngineRow, readRun, readRunEngines, readRunErrors, readRunMeasures } from '../../store/index.ts'
import type { Command, Invocation, OpenedApplication } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { readPeriod } from '../period-option.ts'
import { readScorecard, scorecardText } from '../scorecard-text.ts'

/** So many people that could not be evaluated are listed; `results` has them all. */
const listedErrors = 20

/** `caregap evaluate`: one run over everybody, and its scorecard. */
export const evaluate: Command = {
  name: 'evaluate',
  summary: 'evaluate measures over everybody and store the run',
  usage: '[--measure ID ... | --all] [--period START..END] [--engine NAME] [--full] [--verify N]',
  options: {
    measure: { type: 'string', multiple: true, value: 'ID', help: 'a measure; repeat for several (default all)' },
    all: { type: 'boolean', help: 'all installed measures' },
    period: { type: 'string', value: 'START..END', help: 'whole days, both included (default this calendar year)' },
    engine: {
      type: 'string',
      value: 'NAME',
      help: 'sql (everybody at once, the default), direct (closures) or interpreter (cql-execution)',
    },
    'accept-partial': { type: 'boolean', help: 'evaluate although a refresh was partial; every result says so' },
    full: { type: 'boolean', help: 'everybody anew, also whom nothing has changed since the last such run' },
    verify: {
      type: 'string',
      value: 'N',
      help: 'then evaluate N random people on every engine; fail where they differ',
    },
  },
  examples: [
    'caregap evaluate --all --period 2026-01-01..2026-12-31',
    'caregap evaluate --measure glycemic-status --json',
    'caregap evaluate --all --verify 200',
  ],
  inServer: true,
  async run(invocation) {
    const engine = readEngine(this, invocation.text('engine'))
    const verified = invocation.count('verify', 0, 0)
    const period = readPeriod(this, invocation.text('period'), invocation.config, systemClock)
    const measures = invocation.texts('measure')
    if (measures.length > 0 && invocation.flag('all')) throw wrongUse(this, '--measure and --all exclude each other')
    const application = await openApplication(invocation)
    try {
      const [acceptPartial, full] = [invocation.flag('accept-partial'), invocation.flag('full')]
      const request = { period, engine, acceptPartial, full, ...(measures.length === 0 ? {} : { measures }) }
      refuseWithoutLogic(application, measures)
      const runId = await application.evaluateRun(request, invocation.progress)
      const verification = await verify(invocation, application, measures, period, { runId, people: verified })
      return await report(invocation, application, runId, verification)
    } finally {
      await application.close()
    }
  },
}

function readEngine(command: Command, name: string = defaultEngine): Engine {
  const engine = engines.find((known) => known === name)
  if (engine !== undefined) return engine
  throw wrongUse(command, `There is no engine '${name}' for populations; there are ${engines.join(', ')}`)
}

/** The run's measures on every engine for some people; undefined where nobody asked for it. */
async function verify(
  invocation: Invocation,
  application: OpenedApplication,
  asked: readonly string[],
  period: MeasurementPeriod,
  { runId, people }: { readonly runId: number; readonly people: number },
): Promise<EngineVerification | undefined> {
  if (people === 0) return undefined
  const measures = application.measures.filter(({ id }) => asked.length === 0 || asked.includes(id))
  const { store, valueSets } = application
  const request = { measures, valueSets, period, people, seed: runId }
  const verification = await verifyEngines(store, request, invocation.progress)
  for (const difference of verification.differences) invocation.note(formatDiagnostic(difference))
  return verification
}

/** Where every measure that is asked for was refused there is nothing to run: the last good run stays the newest. */
function refuseWithoutLogic({ measures, refused }: OpenedApplication, asked: readonly string[]): void {
  const isAsked = ({ id }: { readonly id: string }) => asked.length === 0 || asked.includes(id)
  const out = refused.filter(isAsked)
  if (out.length === 0 || measures.some(isAsked)) return
  throw new CaregapError(
    'input',
    out.flatMap(({ diagnostics }) => diagnostics),
  )
}

async function report(
  invocation: Invocation,
  application: OpenedApplication,
  runId: number,
  verification: EngineVerification | undefined,
): Promise<number> {
  const { store, measures } = application
  const run = await readRun(store.session, runId)
  const scorecard = await readScorecard(store, measures, runId)
  const ran = await readRunMeasures(store.session, runId)
  const failed = ran.filter(({ state }) => state === 'failed')
  for (const { measureId, diagnostics } of ran.filter(({ state }) => state === 'done')) {
    for (const remark of JSON.parse(diagnostics) as readonly Diagnostic[])
      invocation.note(`${measureId}: ${formatDiagnostic(remark)}`)
  }
  const errors = await readRunErrors(store.session, runId, listedErrors)
  for (const { measureId } of failed) invocation.note(`Measure ${measureId} failed: see its reasons above.`)
  for (const { measureId, pid, code, message } of errors) {
    invocation.note(`Person ${pid} could not be evaluated for ${measureId}: ${message} (${code})`)
  }
  const byEngine = await readRunEngines(store.session, runId)
  for (const row of byEngine) noteEngine(invocation, row)
  if (verification !== undefined) invocation.note(verificationText(verification))
  const errorCount = run?.personErrors ?? 0
  if (errorCount > errors.length)
    invocation.note(`... ${errorCount} people in all; \`caregap results --ndjson\` lists them.`)
  invocation.print(scorecardText(scorecard), {
    run,
    scorecard,
    failed: failed.map(({ measureId }) => measureId),
    errors,
    engines: byEngine,
    ...(verification === undefined ? {} : { verification }),
  })
  if (failed.length > 0) return 3
  return errorCount > 0 || (verification?.differences ?? []).length > 0 ? 1 : 0
}

/** Whom, and what, SQL did not evaluate is said with every run. */
function noteEngine(invocation: Invocation, { measureId, engine, closures, reasons }: RunEngineRow): void {
  if (engine !== 'sql')
    invocation.note(`Measure ${measureId}: SQL cannot say it; closures evaluated ${closures} persons.`)
  else if (closures > 0)
    invocation.note(
      `Measure ${measureId}: ${closures} persons were left to closures: ${reasons.map(({ reason, persons }) => `${persons} for ${reason}`).join(', ')}.`,
    )
}

function verificationText(verification: EngineVerification): string {
  const { people, compared, comparedBySql, failedBySql, defines, differences } = verification
  const found = differences.length === 0 ? 'no difference' : `${differences.length} differences, named above`
  const failed = failedBySql === 0 ? '' : `, ${failedBySql} left to closures for a fault`
  return `Verified ${people} persons on ${engines.join(', ')}: ${compared} evaluations (${comparedBySql} by SQL${failed}), ${defines} values of defines: ${found}.`
}
