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
  const patients = resources
    .filter((resource) => resource.resourceType === 'Patient')
    .map((patient) => patient.id ?? '')
  for (const patientId of [...patients, ...dangling]) {
    await session.run(
      `INSERT INTO source_patient (spid, source_id, patient_id)
       SELECT coalesce(max(spid), 0) + 1, $sourceId, $patientId FROM source_patient`,
      { sourceId, patientId },
    )
  }
  for (const resource of resources) await addResource(store, source, sourceId, resource)
}

async function addResource(store: Store, source: string, sourceId: number, resource: Resource): Promise<void> {
  const raw = JSON.stringify(resource)
  const id = resource.id ?? ''
  const subject = (resource['subject'] as { reference?: string } | undefined)?.reference ?? ''
  const patientId = resource.resourceType === 'Patient' ? id : (/Patient\/([^/]+)/.exec(subject)?.[1] ?? null)
  await store.session.run(
    `INSERT INTO raw_line (rid, hash, spid, source_id, type, id, file_id, line_no, raw)
     SELECT $rid, $hash::UHUGEINT, (SELECT spid FROM source_patient WHERE source_id = $sourceId AND patient_id = $patientId),
       $sourceId, $type, $id, 1, 1, $raw`,
    {
      rid: resourceKey(source, resource.resourceType, id),
      hash: String(BigInt(`0x${createHash('md5').update(raw).digest('hex')}`)),
      sourceId,
      patientId,
      type: resource.resourceType,
      id,
      raw,
    },
  )
  await store.session.run(
    `INSERT INTO resource_current (rid, hash, spid, source_id, type, id, updated_us, changed_seq, deleted)
     SELECT rid, hash, spid, source_id, type, id, epoch_us(try_cast(raw::JSON ->> '$.meta.lastUpdated' AS TIMESTAMPTZ)), 1, false
     FROM raw_line WHERE rid = $rid`,
    { rid: resourceKey(source, resource.resourceType, id) },
  )
}
