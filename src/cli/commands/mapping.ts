import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { auditCommand } from '../../access/index.ts'
import { fault, formatDiagnostic, messageOf, systemClock } from '../../base/index.ts'
import { populationCodes } from '../../content/index.ts'
import {
  decideMaps,
  effectOfMaps,
  listUnmapped,
  listZonedFacts,
  type MappingAuthor,
  type MappingContext,
  type MappingEffects,
  type ProposedMaps,
  proposeConceptMap,
  proposeLocalDays,
  proposeMap,
  proposePackagedMaps,
  storedConceptMap,
  type Unmapped,
} from '../../jobs/index.ts'
import { type CodeMapRow, readCodeMaps } from '../../store/index.ts'
import { mapKinds } from '../../terminology/index.ts'
import type { Command, Invocation } from '../command.ts'
import { inTurn, openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** `caregap mapping`: what the data say in codes that no measure reads, and translations of it. */
export const mapping: Command = {
  name: 'mapping',
  summary: 'find local codes, texts and units that no measure reads, and map them',
  usage:
    'list | propose (--from FROM --to TO | --file FILE | --package NAME) | maps | effect ID... | approve ID... --yes | retire ID... | export',
  options: {
    from: { type: 'string', value: 'FROM', help: 'what the data say: SYSTEM|CODE, a text (--kind text) or a unit' },
    to: { type: 'string', value: 'TO', help: 'what it means: SYSTEM|CODE that a measure reads, or a UCUM unit' },
    kind: { type: 'string', value: 'KIND', help: `${mapKinds.join(', ')} (default code)` },
    source: { type: 'string', value: 'NAME', help: 'only in the data of this source (default all)' },
    file: { type: 'string', value: 'FILE', help: 'propose what a ConceptMap (or a Bundle of them) states' },
    package: { type: 'string', value: 'NAME', help: 'propose what the ConceptMaps of an installed package state' },
    proposed: { type: 'boolean', help: 'export the maps that wait for a decision, instead of the approved ones' },
    yes: { type: 'boolean', help: 'approve; without it the effect on each rate is shown and nothing is changed' },
    by: { type: 'string', value: 'NAME', help: 'who proposes or decides (default the user who runs the command)' },
    all: { type: 'boolean', help: 'list also what has no candidate' },
  },
  examples: [
    'caregap mapping list',
    "caregap mapping propose --from 'urn:lakeside:lab|A1C' --to 'http://loinc.org|4548-4' --source lakeside",
    "caregap mapping propose --kind unit --from mmHg --to 'mm[Hg]'",
    'caregap mapping propose --file lakeside-lab-map.json',
    'caregap mapping days                                # facts whose month depends on the time zone',
    'caregap mapping propose --kind day --source lakeside',
    'caregap mapping effect 1',
    'caregap mapping approve 1 --yes',
    'caregap mapping export > approved-map.json',
  ],
  inServer: true,
  async run(invocation) {
    const [action = '', ...ids] = invocation.positionals
    const work = actions[action]
    if (work === undefined) throw wrongUse(this, `'${action}' is none of ${Object.keys(actions).join(', ')}`)
    const application = await openApplication(invocation)
    try {
      const { store, measures, valueSets } = application
      const context = { store, measures, valueSets, clock: systemClock, user: authorOf(invocation) }
      return await work(invocation, context, ids.map(mapId))
    } finally {
      await application.close()
    }
  },
}

type Action = (invocation: Invocation, context: MappingAuthor, ids: readonly number[]) => Promise<number>

const actions: Readonly<Record<string, Action>> = {
  list,
  days,
  propose,
  maps,
  effect,
  approve,
  retire,
  export: exportMaps,
}

/** As users of the users file are named; a user of this machine may be named otherwise. */
function authorOf(invocation: Invocation): string {
  const name = invocation.text('by')
  if (name === undefined) return localUser()
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name)) return name
  throw wrongUse(mapping, '--by takes a name of letters, digits, dot, hyphen, underscore and @')
}

function localUser(): string {
  try {
    return userInfo().username
  } catch {
    // In a container a process may run as a number that no user has.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

function mapId(text: string): number {
  const id = Number(text)
  if (Number.isSafeInteger(id) && id > 0 && id < 2_147_483_648) return id
  throw wrongUse(mapping, `'${text}' is no map`)
}

async function list(invocation: Invocation, context: MappingContext): Promise<number> {
  const found = await listUnmapped(context)
  const shown = invocation.flag('all') ? found : found.filter(({ candidates }) => candidates.length > 0)
  const hidden = found.length - shown.length
  const text = shown.map(lineOf)
  if (hidden > 0) text.push(`${hidden} more without a candidate (--all)`)
  invocation.print(text.length === 0 ? 'Everything in the data is read by some measure.' : text.join('\n'), shown)
  return 0
}

function lineOf({ kind, type, source, system, value, display, count, candidates }: Unmapped): string {
  const named = system === '' ? value : `${system}|${value}`
  const words = display === undefined ? '' : ` "${display}"`
  const means = candidates.map((one) => `${one.system === '' ? '' : `${one.system}|`}${one.code} (${one.likeness})`)
  return `${count}  ${kind}  ${type}  ${source}  ${named}${words}${means.length === 0 ? '' : `  -> ${means.join(', ')}`}`
}

async function days(invocation: Invocation, context: MappingContext): Promise<number> {
  const found = await listZonedFacts(context, invocation.config)
  const pids = found.facts.flatMap(({ pid }) => pid ?? [])
  await auditCommand(context.store.session, systemClock, { command: 'mapping', action: 'list-zoned-facts', pids })
  const lines = [
    ...found.sources.map((one) => `${one.source} (${one.timeZone}): ${one.facts} facts of ${one.persons} persons`),
    ...found.facts.map(
      (one) =>
        `${one.source}  ${one.type}/${one.id}  ${one.path}  ${one.written}  ${one.day} here, ${one.localDay} there`,
    ),
  ]
  const none = `No source has another time zone than the measurement period (${found.timeZone}).`
  invocation.print(lines.length === 0 ? none : lines.join('\n'), found)
  return 0
}

async function propose(invocation: Invocation, context: MappingAuthor): Promise<number> {
  const [file, name] = [invocation.text('file'), invocation.text('package')]
  if (file !== undefined) {
    return tellProposed(
      invocation,
      await proposeConceptMap(context, readJson(invocation.path(file)), { file: basename(file) }),
    )
  }
  if (name !== undefined) return tellProposed(invocation, await proposePackagedMaps(context, name))
  const source = invocation.text('source')
  if (invocation.text('kind') === 'day') {
    if (source === undefined) throw wrongUse(mapping, '--kind day needs --source')
    return tellProposed(invocation, {
      mapIds: [await proposeLocalDays(context, invocation.config, source)],
      leftOut: [],
    })
  }
  const kind = mapKinds.find((known) => known === (invocation.text('kind') ?? 'code'))
  const [from, to] = [invocation.text('from'), invocation.text('to')]
  if (kind === undefined || from === undefined || to === undefined)
    throw wrongUse(mapping, 'a proposal needs --from, --to, and a --kind that there is')
  const [fromSystem, fromValue] = kind === 'code' ? partsOf(from) : (['', from] as const)
  const [toSystem, toCode] = kind === 'unit' ? (['', to] as const) : partsOf(to)
  const id = await proposeMap(context, {
    kind,
    source: source ?? null,
    fromSystem,
    fromValue,
    toSystem,
    toCode,
  })
  invocation.print(`Map ${id} is proposed. See its effect: caregap mapping effect ${id}`, { mapId: id })
  return 0
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch (thrown) {
    throw fault('input', 'cli/unreadable-file', `The file cannot be read: ${messageOf(thrown)}.`, {
      place: { file: basename(file) },
      remedy: 'Give a FHIR ConceptMap as JSON.',
    })
  }
}

function tellProposed(invocation: Invocation, { mapIds, leftOut }: ProposedMaps): number {
  for (const diagnostic of leftOut) invocation.note(`${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`)
  const next = mapIds.length === 0 ? '' : ` See their effect: caregap mapping effect ${mapIds.join(' ')}`
  invocation.print(`${mapIds.length} maps are proposed, ${leftOut.length} were left out.${next}`, { mapIds, leftOut })
  return leftOut.length === 0 ? 0 : 1
}

function partsOf(text: string): readonly [string, string] {
  const at = text.lastIndexOf('|')
  return at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + 1)]
}

async function exportMaps(invocation: Invocation, { store }: MappingContext): Promise<number> {
  const resource = await storedConceptMap(store, invocation.flag('proposed') ? 'proposed' : 'approved')
  invocation.print(JSON.stringify(resource, null, 2), resource)
  return 0
}

async function maps(invocation: Invocation, { store }: MappingContext): Promise<number> {
  const rows = await readCodeMaps(store.session)
  invocation.print(rows.length === 0 ? 'There are no maps.' : rows.map(mapText).join('\n'), rows)
  return 0
}

function mapText(map: CodeMapRow): string {
  const decided = [
    map.approvedBy === null ? '' : `  approved by ${map.approvedBy} at ${map.approvedAt}`,
    map.retiredBy === null ? '' : `  retired by ${map.retiredBy} at ${map.retiredAt}`,
  ]
  return `${map.mapId}  ${map.state}  v${map.version}  ${map.kind}  ${map.source ?? 'all sources'}  ${map.fromSystem === '' ? '' : `${map.fromSystem}|`}${map.fromValue} -> ${map.toSystem === '' ? '' : `${map.toSystem}|`}${map.toCode}  proposed by ${map.proposedBy} at ${map.proposedAt}${decided.join('')}`
}

async function effect(invocation: Invocation, context: MappingContext, ids: readonly number[]): Promise<number> {
  const effects = await effectOfMaps(context, ids)
  invocation.print(effectText(effects), effects)
  return 0
}

const percent = (rate: number | undefined): string => (rate === undefined ? 'no score' : `${(rate * 100).toFixed(1)}%`)

function effectText({ runId, resources, persons, dataChanged, groups }: MappingEffects): string {
  const lines = groups.map(({ measureId, groupId, before, after, rateBefore, rateAfter }) => {
    const codes = populationCodes.filter((code) => (before[code] ?? 0) !== (after[code] ?? 0))
    const counts = (codes.length === 0 ? (['denominator', 'numerator'] as const) : codes).map(
      (code) => `${code} ${before[code] ?? 0} -> ${after[code] ?? 0}`,
    )
    return `${measureId} ${groupId}: ${percent(rateBefore)} -> ${percent(rateAfter)} (${counts.join(', ')})`
  })
  const stale = dataChanged ? [`The data changed since run ${runId}: these totals are of then.`] : []
  return [`${resources} resources of ${persons} persons, over run ${runId}:`, ...lines, ...stale].join('\n')
}

async function approve(invocation: Invocation, context: MappingAuthor, ids: readonly number[]): Promise<number> {
  const effects = await effectOfMaps(context, ids)
  if (!invocation.flag('yes')) {
    invocation.print(`${effectText(effects)}\nNothing is changed yet: approve with --yes.`, {
      approved: false,
      effects,
    })
    return 0
  }
  await inTurn(invocation, () => decideMaps(context, ids, 'approved'))
  invocation.print(`${effectText(effects)}\nApproved; the next run counts it.`, { approved: true, effects })
  return 0
}

async function retire(invocation: Invocation, context: MappingAuthor, ids: readonly number[]): Promise<number> {
  await inTurn(invocation, () => decideMaps(context, ids, 'retired'))
  invocation.print('Retired; the next run is without it.', { retired: ids })
  return 0
}
