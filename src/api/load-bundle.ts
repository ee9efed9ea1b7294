import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Context } from 'hono'
import { z } from 'zod'
import { type RequestScope, readBytes } from '../access/index.ts'
import { CaregapError, type Diagnostic, fault, silentProgress } from '../base/index.ts'
import { type OpenedBundle, openBundle } from '../ingest/index.ts'
import { type Application, loadData } from '../jobs/index.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'
import { isJson } from './json-body.ts'

/** Larger ones are for `caregap ingest`. */
const maxBundleBytes = 64 * 1024 * 1024

const query = z.strictObject({ source: z.string().optional(), _format: z.string().optional() })

/**
 * `POST /fhir`: a transaction, batch or collection is loaded as a whole: its entries become the newest versions of their
 * source, its DELETEs tombstones, and everything derived is brought up to date. Each resource is kept byte for byte.
 */
export async function loadBundle(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const parsed = query.safeParse(context.req.query())
  if (!parsed.success) return refuse(context, 400, 'api/invalid-query', 'Only the parameter source is known here.')
  if (!isJson(context.req.header('content-type') ?? ''))
    return refuse(context, 415, 'api/not-json', 'The body is not declared as JSON: send application/fhir+json.')
  const bytes = await readBytes(context.req.raw, maxBundleBytes)
  if (bytes === undefined) {
    return refuse(context, 413, 'api/too-large', `The body is larger than ${maxBundleBytes} bytes; use caregap ingest.`)
  }
  try {
    const bundle = openBundle(Buffer.from(bytes), 'the body')
    await load(application, sourceOf(application, parsed.data.source), bytes)
    scope.read({ pids: [] })
    return answerResource(context, answerOf(bundle))
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || (thrown.kind !== 'input' && thrown.kind !== 'usage')) throw thrown
    return answerOutcome(context, thrown.kind === 'usage' ? 400 : 422, 'invalid', thrown.diagnostics.map(withoutFile))
  }
}

/** The place of the body is its element; files of this machine are nobody's business. */
function withoutFile({ code, message, remedy, place }: Diagnostic) {
  const element = place?.element
  return {
    code,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(element === undefined ? {} : { place: { element } }),
  }
}

function refuse(context: Context, status: 400 | 413 | 415, code: string, message: string): Response {
  return answerOutcome(context, status, 'invalid', [{ code, message }])
}

/** The source that is named, or the only one that the configuration has. */
function sourceOf({ config }: Application, named: string | undefined): string {
  const [only, ...others] = config.sources
  const source = named ?? (others.length === 0 ? only?.name : undefined)
  if (source !== undefined) return source
  throw fault('usage', 'api/source-needed', 'Nobody can tell which source the Bundle comes from.', {
    remedy: 'Name it: POST /fhir?source=lakeside.',
  })
}

async function load(application: Application, source: string, bytes: Uint8Array): Promise<void> {
  const { store, config, logger } = application
  const parent = store.path === ':memory:' ? tmpdir() : dirname(resolve(store.path))
  const folder = mkdtempSync(join(parent, '.caregap-bundle-'))
  const session = await store.database.connect()
  try {
    const path = join(folder, 'bundle.json')
    writeFileSync(path, bytes, { mode: 0o600 })
    const request = { path, source, config, progress: silentProgress }
    const { ingest } = await application.oneAtATime(() => loadData({ ...store, session }, request))
    const refused = ingest.exports.flatMap(({ diagnostics, state }) => (state === 'refused' ? diagnostics : []))
    if (refused.length > 0) throw new CaregapError('input', refused)
    logger.log('info', 'bundle-loaded', { source, resources: ingest.total.good })
  } finally {
    session.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function answerOf({ type, entries }: OpenedBundle) {
  const entry = entries.map(({ method, reference }) => ({
    response: { status: method === 'DELETE' ? '204 No Content' : '200 OK', location: reference },
  }))
  const answered = type === 'transaction' ? 'transaction-response' : 'batch-response'
  return { resourceType: 'Bundle', type: answered, ...(entry.length === 0 ? {} : { entry }) }
}
