import { createHash } from 'node:crypto'
import type { Resource } from '../../src/fhir/index.ts'
import { resourceKey } from '../../src/identity/resource-key.ts'
import { openStore, type Store } from '../../src/store/index.ts'

/** The resources of one source; patients that other resources name without a Patient stand in `dangling`. */
export interface SourceData {
  readonly source: string
  readonly base?: string
  readonly timeZone?: string
  readonly resources: readonly Resource[]
  readonly dangling?: readonly string[]
}

/** A store in memory with these resources as ingestion leaves them: raw, current, source patients without a pid. */
export async function openStoreWith(data: readonly SourceData[]): Promise<Store> {
  const store = await openStore({ path: ':memory:' })
  for (const entry of data) await addSource(store, entry)
  return store
}

export async function addSource(
  store: Store,
  { source, base, timeZone = 'UTC', resources, dangling = [] }: SourceData,
): Promise<void> {
  const { session } = store
  const row = await session.first<{ next: number }>('SELECT count(*)::INTEGER + 1 AS next FROM source')
  const sourceId = row?.next ?? 1
  await session.run(
    'INSERT INTO source (source_id, name, time_zone, base_url, created_at) VALUES ($id, $name, $zone, $base, now()::TIMESTAMP)',
    {
      id: sourceId,
      name: source,
      zone: timeZone,
      base: base ?? null,
    },
  )
  const patients = resources.flatMap((one) => (one.resourceType === 'Patient' ? [one.id ?? ''] : []))
  await session.run(
    `INSERT INTO source_patient (spid, source_id, patient_id)
     SELECT (SELECT coalesce(max(spid), 0) FROM source_patient) + place, $sourceId, patient_id
     FROM (SELECT unnest(from_json($ids::JSON, '["VARCHAR"]')) AS patient_id, generate_subscripts(from_json($ids::JSON, '["VARCHAR"]'), 1) AS place)`,
    { sourceId, ids: JSON.stringify([...patients, ...dangling]) },
  )
  await session.run(
    `INSERT INTO raw_line (rid, hash, spid, source_id, type, id, file_id, line_no, raw)
     SELECT l.rid, l.hash, p.spid, $sourceId, l.type, l.id, 1, 1, l.raw
     FROM (SELECT unnest(from_json($lines::JSON, '${lineShape}'), max_depth := 2)) l
     LEFT JOIN source_patient p ON p.source_id = $sourceId AND p.patient_id = l.subject`,
    { sourceId, lines: JSON.stringify(resources.map((resource) => lineOf(source, resource))) },
  )
  await session.run(
    `INSERT INTO resource_current (rid, hash, spid, source_id, type, id, updated_us, changed_seq, deleted)
     SELECT rid, hash, spid, source_id, type, id, epoch_us(try_cast(raw::JSON ->> '$.meta.lastUpdated' AS TIMESTAMPTZ)), 1, false
     FROM raw_line WHERE source_id = $sourceId`,
    { sourceId },
  )
}

const lineShape =
  '[{"rid":"BIGINT","hash":"UHUGEINT","type":"VARCHAR","id":"VARCHAR","subject":"VARCHAR","raw":"VARCHAR"}]'

function lineOf(source: string, resource: Resource) {
  const raw = JSON.stringify(resource)
  const { resourceType: type, id = '' } = resource
  const named = (resource['subject'] as { reference?: string } | undefined)?.reference ?? ''
  return {
    rid: String(resourceKey(source, type, id)),
    hash: String(BigInt(`0x${createHash('md5').update(raw).digest('hex')}`)),
    type,
    id,
    subject: type === 'Patient' ? id : (/Patient\/([^/]+)/.exec(named)?.[1] ?? null),
    raw,
  }
}
