import { foldSystem, isObject, mappedExtension } from '../../fhir/index.ts'
import { inLocalDays } from './day-map.ts'

/** What a map translates: a code of a system, the text of a concept, a unit, or days: moments near a change of month. */
export const mapKinds = ['code', 'text', 'unit', 'day'] as const
export type MapKind = (typeof mapKinds)[number]

/** One translation of something local to something standard. */
export interface CodeMap {
  readonly mapId: number
  readonly kind: MapKind
  /** Only data of this source; all where null. */
  readonly source: string | null
  /** Folded URI of a code's system (empty where the data give none); empty for texts, units and days. */
  readonly fromSystem: string
  /** For days the zone of the source. */
  readonly fromValue: string
  /** Empty for a unit: its system is UCUM. */
  readonly toSystem: string
  /** For days the zone of the measurement period. */
  readonly toCode: string
  readonly toDisplay: string | null
  /** Who approved it, and when (ISO, UTC); null where nobody has yet. */
  readonly approvedBy: string | null
  readonly approvedAt: string | null
}

export const ucum = 'http://unitsofmeasure.org'

/** Texts are the same but for case and blanks. */
export const normalText = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ')

/** The maps of a source by what they translate. */
export type MapTable = ReadonlyMap<string, CodeMap>

const keyOf = (kind: MapKind, system: string, value: string) => JSON.stringify([kind, system, value])

/** Maps for one source; a map of that source counts before one for all. */
export function mapTable(maps: readonly CodeMap[], source: string): MapTable {
  const own = maps.filter((map) => map.source === null || map.source === source)
  const ordered = own.toSorted((a, b) => Number(a.source !== null) - Number(b.source !== null))
  return new Map(ordered.map((map) => [keyOf(map.kind, map.fromSystem, map.fromValue), map]))
}

/**
 * A resource with what the maps say beside what the source said: a coding more in a concept, a UCUM code in a quantity,
 * and a mark of each in its meta. Undefined where no map has anything to say of it.
 */
export function applyMaps(resource: unknown, table: MapTable): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(resource)) return undefined
  const used = new Map<string, CodeMap>()
  const coded = walk(resource, table, used)
  const mapped = isObject(coded) ? localDays(coded, table, used) : coded
  if (used.size === 0 || !isObject(mapped)) return undefined
  const meta = isObject(mapped['meta']) ? mapped['meta'] : {}
  const before = Array.isArray(meta['extension']) ? (meta['extension'] as unknown[]) : []
  const marks = [...used.values()].map((map) => ({ url: mappedExtension, valueString: wordsOf(map) }))
  return { ...mapped, meta: { ...meta, extension: [...before, ...marks] } }
}

function localDays(resource: Json, table: MapTable, used: Map<string, CodeMap>): Json {
  let changed = resource
  for (const map of table.values()) {
    if (map.kind !== 'day') continue
    const moved = inLocalDays(changed, map.fromValue, map.toCode)
    if (moved === undefined) continue
    used.set(String(map.mapId), map)
    changed = moved
  }
  return changed
}

const named = (system: string, code: string) => (system === '' ? code : `${system}|${code}`)

function wordsOf({ kind, mapId, fromSystem, fromValue, toSystem, toCode, approvedBy, approvedAt }: CodeMap): string {
  const said = kind === 'day' ? `days of ${fromValue}` : `${named(fromSystem, fromValue)} -> ${named(toSystem, toCode)}`
  return `${said} (map ${mapId}${approvalText({ approvedBy, approvedAt })})`
}

/** `, approved by ana on 2026-03-02`, by UTC; empty where nobody has. */
export const approvalText = ({ approvedBy, approvedAt }: Pick<CodeMap, 'approvedBy' | 'approvedAt'>): string =>
  approvedBy === null ? '' : `, approved by ${approvedBy} on ${approvedAt?.slice(0, 10) ?? ''}`

function walk(value: unknown, table: MapTable, used: Map<string, CodeMap>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, table, used))
  if (!isObject(value)) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, table, used)]))
  if (typeof inner['value'] === 'number') return quantity(inner, table, used)
  return isConcept(inner) ? concept(inner, table, used) : inner
}

type Json = Readonly<Record<string, unknown>>

/** A CodeableConcept: nothing but codings and a text (and what any element may have). */
const conceptKeys = new Set(['coding', 'text', '_text', 'id', 'extension'])
const isConcept = (value: Json): boolean =>
  (Array.isArray(value['coding']) || typeof value['text'] === 'string') &&
  Object.keys(value).every((key) => conceptKeys.has(key))

function concept(value: Json, table: MapTable, used: Map<string, CodeMap>): Json {
  const codings = Array.isArray(value['coding']) ? value['coding'].filter(isObject) : []
  const found = codings.flatMap(({ system, code }) => {
    const folded = typeof system === 'string' ? foldSystem(system) : ''
    return typeof code === 'string' ? (table.get(keyOf('code', folded, code)) ?? []) : []
  })
  const text = value['text']
  const byText = typeof text === 'string' ? table.get(keyOf('text', '', normalText(text))) : undefined
  const maps = byText === undefined ? found : [...found, byText]
  const fresh = maps.filter(
    ({ toSystem, toCode }) => !codings.some((one) => one['system'] === toSystem && one['code'] === toCode),
  )
  if (fresh.length === 0) return value
  for (const map of fresh) used.set(String(map.mapId), map)
  const added = fresh.map(({ toSystem, toCode, toDisplay }) => ({
    system: toSystem,
    code: toCode,
    ...(toDisplay === null ? {} : { display: toDisplay }),
  }))
  return { ...value, coding: [...codings, ...added] }
}

function quantity(value: Json, table: MapTable, used: Map<string, CodeMap>): Json {
  const unit = value['code'] ?? value['unit']
  const map = typeof unit === 'string' ? table.get(keyOf('unit', '', unit)) : undefined
  if (map === undefined) return value
  used.set(String(map.mapId), map)
  return { ...value, unit: map.toCode, system: ucum, code: map.toCode }
}
