import type { BulkServer } from '../base/index.ts'
import type { PulledFile, PullFinding } from '../store/index.ts'
import type { Manifest } from './manifest.ts'
import { missingTypes } from './scopes.ts'
import type { Tokens } from './tokens.ts'

const finding = (severity: PullFinding['severity'], code: string, message: string): PullFinding => ({
  severity,
  code,
  message,
})

/** What the server granted less than was asked for. */
export function reviewGrant(server: BulkServer, tokens: Tokens): PullFinding[] {
  const grant = tokens.grant()
  if (grant?.granted === undefined) return []
  const missing = missingTypes(server.types, grant.granted)
  if (missing.length === 0) return []
  const which = missing.includes('*') ? 'not every type' : `not ${missing.join(', ')}`
  return [
    finding('error', 'bulk/scope-smaller', `The server granted less than was asked for: ${which} (${grant.granted}).`),
  ]
}

/** What a manifest has beside, or lacks of, what was asked for. */
export function reviewManifest(server: BulkServer, manifest: Manifest): PullFinding[] {
  const output = manifest.files.filter(({ section }) => section === 'output')
  const types = new Set(output.flatMap(({ type }) => type ?? []))
  const urls = manifest.files.map(({ url }) => url)
  const twice = urls.length - new Set(urls).size
  const asked = server.types
  const untyped = output.some(({ type }) => type === undefined)
  const absent = asked === undefined || untyped ? [] : asked.filter((type) => !types.has(type))
  const foreign = asked === undefined ? [] : [...types].filter((type) => !asked.includes(type))
  return [
    ...(absent.length === 0
      ? []
      : [finding('information', 'bulk/types-absent', `There are no files of these types: ${absent.join(', ')}.`)]),
    ...(foreign.length === 0
      ? []
      : [finding('warning', 'bulk/types-unasked', `Types came that were not asked for: ${foreign.join(', ')}.`)]),
    ...(twice === 0
      ? []
      : [
          finding(
            'warning',
            'bulk/url-repeated',
            `The manifest names ${twice} files twice; what they repeat is folded.`,
          ),
        ]),
  ]
}

/** A whole export of patients without a patient looks like success, and is nearly always a wrong group or right. */
export function reviewPatients(server: BulkServer, since: string | null, files: readonly PulledFile[]): PullFinding[] {
  const expected = server.level !== 'system' && since === null && (server.types?.includes('Patient') ?? true)
  const output = files.filter(({ section }) => section === 'output')
  const maybe = output.filter(({ type }) => type === 'Patient' || type === null)
  const patients = maybe.reduce((sum, { lines }) => sum + (lines ?? 0), 0)
  if (!expected || patients > 0) return []
  const what = server.level === 'group' ? `group ${server.group ?? ''}` : 'server'
  return [finding('error', 'bulk/no-patients', `The export of the whole ${what} holds no patient: is the id right?`)]
}
