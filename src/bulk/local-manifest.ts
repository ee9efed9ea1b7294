import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BulkServer } from '../base/index.ts'
import type { Pull, PulledFile } from '../store/index.ts'
import { exportUrl } from './export-request.ts'

/** Writes a manifest beside the files of a pull, in the form that a load from disk reads; counts are ours. */
export async function writeLocalManifest(server: BulkServer, pull: Pull, files: readonly PulledFile[]): Promise<void> {
  const manifest = {
    ...(pull.transactionTime === null ? {} : { transactionTime: pull.transactionTime }),
    request: exportUrl(server).href,
    output: files
      .filter(({ section }) => section === 'output')
      .map(({ type, name, lines }) => ({ ...(type === null ? {} : { type }), url: name, count: lines ?? 0 })),
  }
  const path = join(pull.folder, 'manifest.json')
  await writeFile(`${path}.part`, JSON.stringify(manifest, null, 2), { mode: 0o600 })
  await rename(`${path}.part`, path)
}
