import { type Clock, fault } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { isSameUnit, isUcumUnit } from '../core/index.ts'
import { foldSystem } from '../fhir/index.ts'
import {
  type CodeMapRow,
  decideCodeMaps,
  deriveTyped,
  type MappedLine,
  type NewCodeMap,
  proposeCodeMap,
  readCodeMaps,
  replaceMappedLines,
  type Store,
  streamMappable,
} from '../store/index.ts'
import { applyMaps, mapTable, normalText, type ValueSets } from '../terminology/index.ts'

/** What somebody proposes, as written. */
export type Proposal = Omit<NewCodeMap, 'toDisplay'> & { readonly toDisplay?: string }

/**
 * Keeps a proposal; returns its id. Faults: `jobs/invalid-map` for a target that no installed measure reads, units
 * that are not the same, or an empty value.
 */
export async function proposeMap(
  { store, measures, valueSets, clock, user }: MappingAuthor,
  { toDisplay, ...given }: Proposal,
): Promise<number> {
  if (given.kind === 'day')
    throw invalidMap('Days are proposed of a source: its zone and that of the period are configured.')
  const isUnit = given.kind === 'unit'
  const map = {
    ...given,
    fromSystem: given.kind === 'code' ? foldSystem(given.fromSystem) : '',
    fromValue: given.kind === 'text' ? normalText(given.fromValue) : given.fromValue.trim(),
    toSystem: isUnit ? '' : foldSystem(given.toSystem),
  }
  if (map.fromValue === '' || map.toCode === '') throw invalidMap('A map needs something local and a standard code.')
  if (isUnit) checkUnits(map.fromValue, map.toCode)
  const known = isUnit ? undefined : readCodes(measures, valueSets).get(`${map.toSystem}|${map.toCode}`)
  if (!isUnit && known === undefined)
    throw invalidMap(`No installed measure reads ${map.toSystem}|${map.toCode}: mapping to it would change nothing.`)
  return proposeCodeMap(
    store.session,
    { ...map, toDisplay: toDisplay ?? known?.display ?? null },
    {
      by: user,
      at: clock.now(),
    },
  )
}

/**
 * A map renames a unit and leaves the number: its target must be UCUM, and what UCUM itself knows as another unit may not be
 * renamed (48 mmol/mol of HbA1c would become 48 %, and not even the 4.8 % of its factor is the percentage of NGSP).
 */
function checkUnits(from: string, to: string): void {
  if (!isUcumUnit(to)) throw invalidMap(`${to} is no unit of UCUM.`)
  if (isUcumUnit(from) && !isSameUnit(from, to))
    throw invalidMap(`${from} is a unit of UCUM with a meaning of its own, and not ${to}: a map would not convert it.`)
}

export interface MappingContext {
  readonly store: Store
  readonly measures: readonly InstalledMeasure[]
  readonly valueSets: ValueSets
  readonly clock: Clock
}

/** With who proposes and decides: it is kept with the map, and told with what the map changed. */
export interface MappingAuthor extends MappingContext {
  readonly user: string
}

/** A map that cannot be kept or decided. */
export const invalidMap = (message: string, remedy = '`caregap mapping list` names candidates.') =>
  fault('input', 'jobs/invalid-map', message, { remedy })

/** Every code that the installed measures read, by `system|code`: those of their value sets, and codes named one by one. */
export function readCodes(measures: readonly InstalledMeasure[], valueSets: ValueSets) {
  const codes = new Map<string, { readonly system: string; readonly code: string; readonly display?: string }>()
  const add = (system: string, code: string, display?: string) => {
    const key = `${foldSystem(system)}|${code}`
    if (codes.get(key)?.display === undefined)
      codes.set(key, { system: foldSystem(system), code, ...(display === undefined ? {} : { display }) })
  }
  for (const measure of measures) {
    for (const canonical of measure.valueSets)
      for (const { system = '', code = '', display } of valueSets.find(canonical)?.members ?? [])
        add(system, code, display)
    for (const library of measure.closure.libraries) {
      const systems = new Map(definitionsOf(library, 'codeSystems').map(({ name, id }) => [name, id]))
      for (const { id, codeSystem, display } of definitionsOf(library, 'codes'))
        if (id !== undefined) add(systems.get(codeSystem?.name) ?? '', id, display)
    }
  }
  return codes
}

interface Definition {
  readonly name?: string
  readonly id?: string
  readonly display?: string
  readonly codeSystem?: { readonly name?: string }
}

/** Parts of ELM that no engine reads as such, and so have no type of their own. */
function definitionsOf(library: object, part: 'codeSystems' | 'codes'): readonly Definition[] {
  const found = (library as Readonly<Record<string, { readonly def?: readonly Definition[] } | undefined>>)[part]
  return found?.def ?? []
}

/** Approves or retires maps in the user's name and brings mapped lines and typed tables up to that. Raw lines stay. */
export async function decideMaps(
  { store, clock, user }: Pick<MappingAuthor, 'store' | 'clock' | 'user'>,
  mapIds: readonly number[],
  state: 'approved' | 'retired',
): Promise<void> {
  const known = new Map((await readCodeMaps(store.session)).map((map) => [map.mapId, map]))
  for (const id of mapIds) {
    const map = known.get(id)
    if (map === undefined || map.state === 'retired' || (state === 'approved' && map.state !== 'proposed'))
      throw invalidMap(`There is no map ${id} to be ${state}.`)
  }
  await decideCodeMaps(store.session, mapIds, state, { by: user, at: clock.now() })
  await refreshMappedLines(store, true)
  await deriveTyped(store.session)
}

/** Writes what the approved maps say of the current lines; after each load, and before typed tables are derived. */
export async function refreshMappedLines(store: Store, rederive = false): Promise<void> {
  const approved = (await readCodeMaps(store.session)).filter(({ state }) => state === 'approved')
  const lines: MappedLine[] = []
  for await (const { mapped, line } of mappedLines(store, approved))
    lines.push({ rid: line.rid, hash: line.hash, type: line.type, raw: JSON.stringify(mapped) })
  await replaceMappedLines(store.session, lines, rederive)
}

/** The current lines that maps have something to say of, with what they make of them. */
export async function* mappedLines(store: Store, maps: readonly CodeMapRow[]) {
  if (maps.length === 0) return
  const days = maps.filter(({ kind }) => kind === 'day')
  const values = [...new Set(maps.filter((map) => !days.includes(map)).map(({ fromValue }) => fromValue))]
  const momentsOf = days.flatMap(({ source }) => source ?? [])
  const tables = new Map<string, ReturnType<typeof mapTable>>()
  const session = await store.session.sibling()
  try {
    for await (const lines of streamMappable(session, { values, momentsOf })) {
      for (const line of lines) {
        const table = tables.get(line.source) ?? mapTable(maps, line.source)
        tables.set(line.source, table)
        const mapped = applyMaps(JSON.parse(line.raw), table)
        if (mapped !== undefined) yield { line, mapped }
      }
    }
  } finally {
    session.close()
  }
}
