import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'

/** A translation as it is kept. Times are ISO text in UTC. */
export interface CodeMapRow {
  readonly mapId: number
  readonly state: 'proposed' | 'approved' | 'retired'
  readonly kind: 'code' | 'text' | 'unit' | 'day'
  readonly source: string | null
  readonly fromSystem: string
  readonly fromValue: string
  readonly toSystem: string
  readonly toCode: string
  readonly toDisplay: string | null
  /** Counts the translations of the same thing. */
  readonly version: number
  readonly proposedAt: string
  readonly proposedBy: string
  /** Both null where it was never approved; they stay when it is retired. */
  readonly approvedAt: string | null
  readonly approvedBy: string | null
  readonly retiredAt: string | null
  /** Who approved another map of the same thing, where that retired it. */
  readonly retiredBy: string | null
}

/** Who proposes or decides, and when. */
export interface Decision {
  readonly by: string
  readonly at: Date
}

export type NewCodeMap = Pick<
  CodeMapRow,
  'kind' | 'source' | 'fromSystem' | 'fromValue' | 'toSystem' | 'toCode' | 'toDisplay'
>

const timeText = (column: string, name: string) => `strftime(${column}, '%Y-%m-%dT%H:%M:%SZ') AS "${name}"`

const columns = `map_id AS "mapId", state, kind, source, from_system AS "fromSystem", from_value AS "fromValue",
  to_system AS "toSystem", to_code AS "toCode", to_display AS "toDisplay", version,
  ${timeText('proposed_at', 'proposedAt')}, proposed_by AS "proposedBy", ${timeText('approved_at', 'approvedAt')},
  approved_by AS "approvedBy", ${timeText('retired_at', 'retiredAt')}, retired_by AS "retiredBy"`

/** Every translation there ever was, in the order of their making. */
export function readCodeMaps(session: Session): Promise<CodeMapRow[]> {
  return session.all<CodeMapRow>(`SELECT ${columns} FROM code_map ORDER BY map_id`)
}

const same = `kind = $kind AND source IS NOT DISTINCT FROM $source AND from_system = $fromSystem AND from_value = $fromValue`

/** Keeps a proposal and returns its id; where the same stands already, proposed or approved, that one's. */
export function proposeCodeMap(session: Session, map: NewCodeMap, { by, at }: Decision): Promise<number> {
  return session.transaction(async () => {
    const known = await session.first<{ id: number }>(
      `SELECT map_id AS id FROM code_map WHERE ${same} AND to_system = $toSystem AND to_code = $toCode AND state <> 'retired'`,
      withoutDisplay(map),
    )
    if (known !== undefined) return known.id
    const { toSystem: _system, toCode: _code, ...key } = withoutDisplay(map)
    const next = await session.first<{ id: number; version: number }>(
      `SELECT (SELECT coalesce(max(map_id), 0) + 1 FROM code_map) AS id,
         (SELECT count(*)::INTEGER + 1 FROM code_map WHERE ${same}) AS version`,
      key,
    )
    invariant(next !== undefined, 'a count gives a row')
    await session.run(
      `INSERT INTO code_map VALUES ($id, 'proposed', $kind, $source, $fromSystem, $fromValue, $toSystem, $toCode,
         $toDisplay, $version, $at::TIMESTAMP, $by, NULL, NULL, NULL, NULL)`,
      { ...map, ...next, by, at: timestampOf(at) },
    )
    return next.id
  })
}

function withoutDisplay({ toDisplay: _display, ...map }: NewCodeMap) {
  return map
}

/** Approves proposals, or retires what was proposed or approved. What the same thing meant before is retired with it. */
export function decideCodeMaps(
  session: Session,
  mapIds: readonly number[],
  state: 'approved' | 'retired',
  { by, at }: Decision,
): Promise<void> {
  return session.transaction(async () => {
    const chosen = `(SELECT unnest(from_json($ids::JSON, '["INTEGER"]')))`
    const parameters = { ids: JSON.stringify(mapIds), by, at: timestampOf(at) }
    if (state === 'approved') {
      await session.run(
        `UPDATE code_map SET state = 'retired', retired_at = $at::TIMESTAMP, retired_by = $by
         WHERE state = 'approved' AND map_id NOT IN ${chosen} AND EXISTS (
           SELECT 1 FROM code_map n WHERE n.map_id IN ${chosen} AND n.kind = code_map.kind
             AND n.source IS NOT DISTINCT FROM code_map.source
             AND n.from_system = code_map.from_system AND n.from_value = code_map.from_value)`,
        parameters,
      )
    }
    await session.run(
      `UPDATE code_map SET state = '${state}', ${state}_at = $at::TIMESTAMP, ${state}_by = $by WHERE map_id IN ${chosen}`,
      parameters,
    )
  })
}

/** What the maps of a state hash to; empty where there are none. */
const mapsHash = (state: string): string => `(SELECT coalesce(md5(string_agg(
  concat_ws(' ', kind, coalesce(source, '*'), from_system, from_value, to_system, to_code), chr(10) ORDER BY map_id)), '')
  FROM code_map WHERE state = ${state})`

/** The hash of the approved maps: runs are stamped with it. */
export const codeMapsSql = mapsHash("'approved'")

/** The hash of the approved maps, as runs are stamped with it. */
export async function readCodeMapsHash(session: Session): Promise<string> {
  // Where there are none, as in most stores, that is told in a fifth of the time.
  const [any] = await session.allOften('SELECT map_id FROM code_map WHERE state = $state LIMIT 1', {
    state: 'approved',
  })
  if (any === undefined) return ''
  const [row] = await session.allOften<{ hash: string }>(`SELECT ${mapsHash('$state')} AS hash`, { state: 'approved' })
  return row?.hash ?? ''
}

const timestampOf = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', '')
