import { type Diagnostic, formatDiagnostic } from '../../base/index.ts'
import type { IngestReport } from '../../ingest/index.ts'
import { loadData } from '../../jobs/index.ts'
import type { Command, Invocation } from '../command.ts'
import { inTurn, loadingMemoryMb, openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** `caregap ingest`: files into the store, then persons, typed tables and attribution anew. */
export const ingest: Command = {
  name: 'ingest',
  summary: 'load a folder, manifest or file of FHIR NDJSON into the store',
  usage: 'PATH [--source NAME]',
  options: {
    source: { type: 'string', value: 'NAME', help: 'the EHR it comes from (default the name of the folder)' },
  },
  examples: [
    'caregap ingest exports/lakeside --source lakeside',
    'caregap ingest exports            # one folder per source, each with a manifest.json',
    'caregap ingest Observation.ndjson.gz --source lakeside --json',
  ],
  inServer: true,
  async run(invocation) {
    const [given, ...more] = invocation.positionals
    if (given === undefined || more.length > 0) throw wrongUse(this, 'one PATH is needed')
    const path = invocation.path(given)
    const store = await openCommandStore(invocation, { memoryLimitMb: loadingMemoryMb })
    try {
      const source = invocation.text('source')
      const { config, progress } = invocation
      const loaded = await inTurn(invocation, () =>
        loadData(store, { path, config, progress, ...(source === undefined ? {} : { source }) }),
      )
      noteFaults(invocation, loaded.ingest)
      invocation.print(ingestText(loaded.ingest), loaded)
      return loaded.ingest.exitCode
    } finally {
      store.close()
    }
  },
}

/** What was refused and what was put into quarantine, a line each. */
export function noteFaults(invocation: Invocation, report: IngestReport): void {
  for (const { source, state, diagnostics, total, quarantine } of report.exports) {
    if (state === 'refused') invocation.note(`Nothing of ${source} was loaded:`)
    for (const diagnostic of diagnostics) invocation.note(`  ${formatDiagnostic(diagnostic)}`)
    if (total.quarantined > 0) invocation.note(quarantineText(source, total.quarantined, quarantine))
  }
}

const grouped = (value: number): string => value.toLocaleString('en-US')

/** Which lines were not taken and why, the first of them by name, and what to do. */
function quarantineText(source: string, count: number, named: readonly Diagnostic[]): string {
  const lines = count === 1 ? '1 line is' : `${grouped(count)} lines are`
  const more = count - named.length
  return [
    `${source}: ${lines} in quarantine. Have the source mended and load the export again; what was good is in.`,
    ...named.map((diagnostic) => `  ${formatDiagnostic(diagnostic)}`),
    ...(more > 0
      ? [`  and ${grouped(more)} more: all are listed under Data quality in the pages (caregap serve)`]
      : []),
  ].join('\n')
}

/** The counts per source, and that they reconcile. */
export function ingestText(report: IngestReport): string {
  return report.exports
    .filter(({ state }) => state === 'published')
    .map(({ source, total }) => {
      const { lines, good, quarantined, blank, inserted, updated, unchanged, duplicate, older } = total
      return [
        `${source}: ${grouped(lines)} lines = ${grouped(good)} good + ${grouped(quarantined)} quarantined`,
        ...(blank > 0 ? [` + ${grouped(blank)} blank`] : []),
        `; good = ${grouped(inserted)} inserted + ${grouped(updated)} updated + ${grouped(unchanged)} unchanged + ${grouped(duplicate)} duplicate`,
        ...(older > 0 ? [` + ${grouped(older)} older`] : []),
      ].join('')
    })
    .join('\n')
}
