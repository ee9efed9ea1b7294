import { auditCommand } from '../../access/index.ts'
import { fault, systemClock } from '../../base/index.ts'
import { explanationText } from '../../gaps/index.ts'
import { explainPerson, findExplainedRun } from '../../jobs/index.ts'
import { findRunPid } from '../../store/index.ts'
import type { Command, Invocation, OpenedApplication } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** `caregap explain`: why a measure says of a person what it says, clause by clause. */
export const explain: Command = {
  name: 'explain',
  summary: 'show why a measure says of a person what it says, clause by clause',
  usage: 'MEASURE --person PID|SOURCE/Patient/ID [--run R] [--define NAME]',
  options: {
    measure: { type: 'string', value: 'ID', help: 'the measure, where it is not the first argument' },
    person: { type: 'string', value: 'WHO', help: 'the person’s key, or a patient as SOURCE/Patient/ID' },
    patient: { type: 'string', value: 'SOURCE/ID', help: 'the same as --person SOURCE/Patient/ID' },
    run: { type: 'string', value: 'R', help: 'the run (default the newest published)' },
    define: { type: 'string', value: 'NAME', help: 'one define alone, as NAME or LIBRARY.NAME' },
  },
  examples: [
    'caregap explain glycemic-status --person 17',
    'caregap explain glycemic-status --patient lakeside/4711 --define Numerator',
    'caregap explain --measure glycemic-status --person lakeside/Patient/4711 --run 3 --json > explanation.json',
  ],
  inServer: true,
  async run(invocation) {
    const measures = [...invocation.positionals, ...invocation.texts('measure')]
    const persons = [...invocation.texts('person'), ...invocation.texts('patient').map(asPerson)]
    const [[measureId], [person]] = [measures, persons]
    if (measureId === undefined || person === undefined || measures.length + persons.length > 2)
      throw wrongUse(this, 'one MEASURE and one --person are needed')
    const application = invocation.held?.application ?? (await openApplication(invocation))
    try {
      return await print(application, invocation, measureId, person)
    } finally {
      if (invocation.held === undefined) await application.close()
    }
  },
}

/** `SOURCE/ID` as `SOURCE/Patient/ID`. */
const asPerson = (patient: string): string => patient.replace(/^([^/]+)\/(?!Patient\/)/, '$1/Patient/')

async function print(
  application: OpenedApplication,
  invocation: Invocation,
  measureId: string,
  person: string,
): Promise<number> {
  const { session } = application.store
  const wanted = invocation.text('run') === undefined ? undefined : invocation.count('run', 0)
  const { runId } = await findExplainedRun(session, wanted)
  const pid = await pidOf(application, runId, person)
  await auditCommand(session, systemClock, { command: 'explain', action: 'explain-person', pids: [pid] })
  const explanation = await explainPerson(application, { measureId, pid, runId })
  const name = invocation.text('define')
  const text = explanationText(explanation, name)
  if (text === undefined)
    throw fault('usage', 'cli/no-define', `There is no define "${name ?? ''}" in what ${measureId} reads.`, {
      remedy: 'Name one of the defines of --json, as NAME or LIBRARY.NAME.',
    })
  invocation.print(text, name === undefined ? explanation : onlyNamed(explanation, name))
  return 0
}

function onlyNamed(explanation: Awaited<ReturnType<typeof explainPerson>>, name: string) {
  const exact = explanation.defines.filter((one) => `${one.library}.${one.name}` === name)
  const defines = exact.length > 0 ? exact : explanation.defines.filter((one) => one.name === name)
  return { ...explanation, defines }
}

async function pidOf({ store }: OpenedApplication, runId: number, person: string): Promise<number> {
  if (/^\d{1,9}$/.test(person)) return Number(person)
  const [, source = '', patientId = ''] = /^([^/]+)\/Patient\/(.+)$/.exec(person) ?? []
  if (source === '') throw wrongUse(explain, '--person takes a person’s key, or SOURCE/Patient/ID')
  const pid = await findRunPid(store.session, runId, { source, patientId })
  if (pid !== undefined) return pid
  throw fault('usage', 'jobs/no-person', `Run ${runId} knows no such patient.`, {
    place: { element: 'person' },
    remedy: '`caregap results --ndjson` lists the patients of a run.',
  })
}
