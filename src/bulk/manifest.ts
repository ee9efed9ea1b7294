import { z } from 'zod'
import { type BulkServer, fault } from '../base/index.ts'
import type { PullSection } from '../store/index.ts'
import { shownUrl } from './server-address.ts'

const entries = z
  .array(
    z.object({
      type: z.string().optional().catch(undefined),
      url: z.string().min(1),
      count: z.number().int().min(0).optional().catch(undefined),
      fileSize: z.number().int().min(0).optional().catch(undefined),
    }),
  )
  .optional()

/** A manifest of Bulk Data 2.0, 3.0 or 4.0: what it has beside this is ignored. */
const schema = z.object({
  transactionTime: z.string().optional().catch(undefined),
  requiresAccessToken: z.boolean().optional().catch(undefined),
  output: entries.unwrap(),
  error: entries,
  outcome: entries,
  deleted: entries,
  link: z
    .array(z.object({ relation: z.string(), url: z.string() }))
    .optional()
    .catch(undefined),
})

/** One file that a manifest names. Its URL is not kept in the ledger: it may be signed, and it may change. */
export interface ManifestFile {
  readonly section: PullSection
  readonly page: number
  readonly place: number
  readonly type: string | undefined
  readonly url: string
  readonly count: number | undefined
  readonly fileSize: number | undefined
}

/** One page of a manifest. */
export interface ManifestPage {
  readonly url: URL
  readonly transactionTime: string | undefined
  readonly requiresAccessToken: boolean
  readonly files: readonly ManifestFile[]
  readonly next: string | undefined
}

/** A page of a manifest from JSON, or undefined where it is none. */
export function readManifestPage(json: unknown, url: URL, page: number): ManifestPage | undefined {
  const parsed = schema.safeParse(json)
  if (!parsed.success) return undefined
  const { transactionTime, requiresAccessToken, output, error, outcome, deleted, link } = parsed.data
  const filesOf = (section: PullSection, list: typeof output): ManifestFile[] =>
    list.map(({ type, url, count, fileSize }, place) => ({ section, page, place, type, url, count, fileSize }))
  return {
    url,
    transactionTime,
    // Missing: as if true, for the base's own origin alone, which is where the token goes at most.
    requiresAccessToken: requiresAccessToken !== false,
    files: [
      ...filesOf('output', output),
      ...filesOf('error', [...(error ?? []), ...(outcome ?? [])]),
      ...filesOf('deleted', deleted ?? []),
    ],
    next: link?.find(({ relation }) => relation === 'next')?.url,
  }
}

/** A whole export: all pages. */
export interface Manifest {
  readonly transactionTime: string | undefined
  readonly files: readonly (ManifestFile & { readonly base: URL; readonly needsToken: boolean })[]
}

/** Pages as one. The time is the earliest that a page says. */
export function joinPages(pages: readonly ManifestPage[]): Manifest {
  const times = pages.flatMap(({ transactionTime }) => transactionTime ?? [])
  const [earliest] = times.sort((a, b) => (readInstant(a) ?? 0) - (readInstant(b) ?? 0))
  return {
    transactionTime: earliest,
    files: pages.flatMap(({ files, url, requiresAccessToken }) =>
      files.map((file) => ({ ...file, base: url, needsToken: requiresAccessToken })),
    ),
  }
}

/**
 * A FHIR instant as milliseconds since 1970, read leniently (no seconds, an offset without a colon); undefined where
 * it is none, or has no offset: a time of nobody knows where is no watermark.
 */
export function readInstant(text: string): number | undefined {
  const [, day, time, seconds = ':00', zone] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$/i.exec(text.trim()) ?? []
  if (day === undefined || zone === undefined) return undefined
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const ms = Date.parse(`${day}T${time}${seconds.slice(0, 7)}${offset}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** The fault of an answer that should be a manifest. */
export function manifestFault(url: URL, server: BulkServer) {
  return fault('system', 'bulk/manifest-broken', `What ${shownUrl(url)} gives as the export's manifest is none.`, {
    remedy: `Run the same command again; if it stays so, ask the operator of ${new URL(server.baseUrl).host}.`,
  })
}
