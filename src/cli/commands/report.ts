import { writeFileSync } from 'node:fs'
import { auditCommand } from '../../access/index.ts'
import { fault, messageOf, systemClock } from '../../base/index.ts'
import { isObject, type Resource } from '../../fhir/index.ts'
import { type MadeReport, makeCompositeReport, makeReport } from '../../jobs/index.ts'
import type { Command, Invocation, OpenedApplication } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { readPeriod } from '../period-option.ts'

const types = ['population', 'subject-list', 'subject'] as const

/** `caregap report measure-report`: what a run, or a person's record, says of a measure, as FHIR. */
export const report: Command = {
  name: 'report',
  summary: 'write a MeasureReport (FHIR R4, DEQM US 5.0.0) to a file',
  usage: 'measure-report --measure ID [--period START..END] [--type TYPE] [--out FILE]',
  options: {
    measure: { type: 'string', value: 'ID', help: 'the measure' },
    period: { type: 'string', value: 'START..END', help: 'whole days, both included (default this calendar year)' },
    type: {
      type: 'string',
      value: 'TYPE',
      help: 'population (the default), subject-list, or subject (the default with --subject)',
    },
    subject: { type: 'string', value: 'REF', help: 'Patient/<source>/<id>, Group/<source>/<id> or Person/<key>' },
    practitioner: { type: 'string', value: 'REF', help: "Practitioner/<source>/<id>: this practitioner's people" },
    out: { type: 'string', value: 'FILE', help: 'the file (default stdout)' },
  },
  examples: [
    'caregap report measure-report --measure glycemic-status --period 2026-01-01..2026-12-31 --out glycemic.json',
    'caregap report measure-report --measure glycemic-status --type subject-list --out people.json',
    'caregap report measure-report --measure glycemic-status --subject Patient/lakeside/123',
  ],
  inServer: true,
  async run(invocation) {
    if (invocation.positionals.join(' ') !== 'measure-report')
      throw wrongUse(this, 'The kind of report is measure-report')
    const name = invocation.text('measure')
    if (name === undefined) throw wrongUse(this, '--measure names the measure')
    const application = await openApplication(invocation)
    try {
      const ready = await made(invocation, application, name)
      await auditCommand(application.store.session, systemClock, {
        command: 'report',
        action: 'export-report',
        pids: ready.pids,
      })
      return write(invocation, ready)
    } finally {
      await application.close()
    }
  },
}

/** The report that the options ask for; of a composite measure, that of its components together. */
function made(invocation: Invocation, application: OpenedApplication, name: string): Promise<MadeReport> {
  const { measures, composites = [], config } = application
  const type = invocation.text('type')
  const kind = types.find((known) => known === type)
  if (type !== undefined && kind === undefined)
    throw wrongUse(report, `--type takes ${types.join(', ')}, not '${type}'`)
  const [subject, practitioner] = [invocation.text('subject'), invocation.text('practitioner')]
  const request = {
    period: readPeriod(report, invocation.text('period'), config, systemClock),
    who: { ...(subject === undefined ? {} : { subject }), ...(practitioner === undefined ? {} : { practitioner }) },
    ...(kind === undefined ? {} : { kind }),
  }
  const measure = measures.find(({ id }) => id === name)
  if (measure !== undefined) return makeReport(application, { ...request, measure })
  const composite = composites.find(({ id }) => id === name)
  if (composite !== undefined) return makeCompositeReport(application, { ...request, composite })
  throw fault('usage', 'cli/unknown-measure', `There is no measure ${name}.`, {
    remedy: `Name one of: ${[...measures, ...composites].map(({ id }) => id).join(', ')}.`,
  })
}

/** Writes the report; what it says beside its numbers is told too. 1 where somebody could not be evaluated. */
function write(invocation: Invocation, ready: MadeReport): number {
  const text = `${JSON.stringify(ready.report, null, 2)}\n`
  const out = invocation.text('out')
  if (out === undefined) invocation.write(text)
  else writeTo(invocation.path(out), text)
  const messages = messagesOf(ready.report)
  for (const message of messages) invocation.note(message)
  if (out !== undefined) invocation.note(`The report is in ${out}.`)
  const isFaulty = ready.report['status'] === 'error' || messages.some((one) => one.includes('could not be evaluated'))
  return isFaulty ? 1 : 0
}

function writeTo(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 })
  } catch (thrown) {
    throw fault('system', 'cli/cannot-write', `The report cannot be written: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Name a file in a folder that exists with --out.',
    })
  }
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function messagesOf(resource: Resource): readonly string[] {
  const parts = [
    ...listed(resource['contained']),
    ...listed(resource['entry']).map((entry) => isObject(entry) && entry['resource']),
  ]
  const outcomes = parts.filter(isObject).filter(({ resourceType }) => resourceType === 'OperationOutcome')
  return outcomes.flatMap(({ issue }) =>
    listed(issue)
      .filter(isObject)
      .flatMap(({ details }) => (isObject(details) && typeof details['text'] === 'string' ? [details['text']] : [])),
  )
}
