import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'

/** A package as it is stored, without the texts of its resources. */
export interface PackageRow {
  readonly packageId: number
  readonly name: string
  readonly version: string
  /** The file or folder that it was read from, without the folders above it. */
  readonly origin: string
  /** Hash over what it holds: the same content has the same hash, wherever it came from. */
  readonly sha256: string
  /** ISO instant in UTC. */
  readonly addedAt: string
  /** What was found when it was added: a list of Diagnostic. */
  readonly remarks: readonly unknown[]
}

/** A resource of a package. `version` and `name` are null where it states none. */
export interface PackageResourceRow {
  readonly type: string
  readonly url: string
  readonly version: string | null
  readonly name: string | null
  /** The file of the package that held it. */
  readonly file: string
  readonly sha256: string
}

/** A resource with its text and the package that holds it. */
export interface PackageContentRow extends PackageResourceRow {
  readonly packageId: number
  readonly body: string
}

const resourceShape =
  '[{"type":"VARCHAR","url":"VARCHAR","version":"VARCHAR","name":"VARCHAR","file":"VARCHAR","sha256":"VARCHAR"}]'

/** Stores a package and what it holds, all or nothing; texts that are there already are not written again. */
export async function insertPackage(
  session: Session,
  row: Omit<PackageRow, 'packageId' | 'addedAt'>,
  resources: readonly Omit<PackageContentRow, 'packageId'>[],
  addedAt: Date,
): Promise<number> {
  return session.transaction(async () => {
    const inserted = await session.first<{ packageId: number }>(
      `INSERT INTO package BY NAME
       SELECT coalesce(max(package_id), 0) + 1 AS package_id, $name AS name, $version AS version, $origin AS origin,
         $sha256 AS sha256, $addedAt::TIMESTAMP AS added_at, $remarks::JSON AS remarks
       FROM package RETURNING package_id AS "packageId"`,
      {
        name: row.name,
        version: row.version,
        origin: row.origin,
        sha256: row.sha256,
        remarks: JSON.stringify(row.remarks),
        addedAt: addedAt.toISOString().replace('T', ' ').replace('Z', ''),
      },
    )
    invariant(inserted !== undefined, 'an inserted package has an id')
    const { packageId } = inserted
    await session.run(
      `INSERT INTO package_resource BY NAME SELECT $packageId AS package_id, *
       FROM (SELECT unnest(from_json($rows::JSON, '${resourceShape}'), max_depth := 2))`,
      { packageId, rows: JSON.stringify(resources.map(({ body: _body, ...resource }) => resource)) },
    )
    for (const { sha256, body } of resources) {
      await session.run('INSERT INTO package_content VALUES ($sha256, $body) ON CONFLICT DO NOTHING', { sha256, body })
    }
    return packageId
  })
}

/** Every package, in the order in which they were added. */
export async function readPackages(session: Session): Promise<readonly PackageRow[]> {
  const rows = await session.all<Omit<PackageRow, 'remarks'> & { readonly remarks: string }>(
    `SELECT package_id AS "packageId", name, version, origin, sha256,
       strftime(added_at, '%Y-%m-%dT%H:%M:%SZ') AS "addedAt", remarks::VARCHAR AS remarks
     FROM package ORDER BY package_id`,
  )
  return rows.map((row) => ({ ...row, remarks: JSON.parse(row.remarks) as readonly unknown[] }))
}

/** The resources of all packages with their texts, by package and canonical. */
export function readPackageContents(session: Session): Promise<PackageContentRow[]> {
  return session.all<PackageContentRow>(
    `SELECT r.package_id AS "packageId", r.type, r.url, r.version, r.name, r.file, r.sha256, c.body
     FROM package_resource r JOIN package_content c USING (sha256)
     ORDER BY r.package_id, r.type, r.url, r.version, r.sha256`,
  )
}

/** How many resources of each type every package holds. */
export function countPackageResources(
  session: Session,
): Promise<{ readonly packageId: number; readonly type: string; readonly count: number }[]> {
  return session.all(
    `SELECT package_id AS "packageId", type, count(*)::INTEGER AS count
     FROM package_resource GROUP BY ALL ORDER BY ALL`,
  )
}

/** Takes a package away, with the texts that no other package holds. */
export async function deletePackage(session: Session, packageId: number): Promise<void> {
  await session.transaction(async () => {
    await session.run('DELETE FROM package_resource WHERE package_id = $packageId', { packageId })
    await session.run('DELETE FROM package WHERE package_id = $packageId', { packageId })
    await session.run('DELETE FROM package_content WHERE sha256 NOT IN (SELECT sha256 FROM package_resource)')
  })
}
