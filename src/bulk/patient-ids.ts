import { join } from 'node:path'
import { isObject } from '../fhir/index.ts'
import type { Pull, PulledFile } from '../store/index.ts'
import { valuesOf } from './server-report.ts'

/** The ids of the Patients in the files of an export; other resources are passed over. */
export async function readPatientIds(pull: Pull, files: readonly PulledFile[]): Promise<readonly string[]> {
  const ids = new Set<string>()
  for (const { section, name } of files) {
    if (section !== 'output') continue
    for await (const value of valuesOf(join(pull.folder, name))) {
      if (!isObject(value) || value['resourceType'] !== 'Patient') continue
      if (typeof value['id'] === 'string') ids.add(value['id'])
    }
  }
  return [...ids]
}
