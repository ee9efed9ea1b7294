import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Diagnostic, fault, messageOf } from '../base/index.ts'
import type { ExportFile } from './source-export.ts'

/** The parts of a Bulk Data manifest that a load from disk needs (http://hl7.org/fhir/uv/bulkdata). */
const schema = z.object({
  transactionTime: z.string().optional(),
  request: z.string().optional(),
  deleted: z.array(z.unknown()).optional(),
  error: z.array(z.unknown()).optional(),
  output: z.array(
    z.object({ type: z.string().optional(), url: z.string().min(1), count: z.number().int().min(0).optional() }),
  ),
})

/**
 * Reads a manifest beside its files. Faults: `ingest/manifest-broken`, `ingest/manifest-remote` (a URL that is no
 * file beside it), `ingest/manifest-file-missing`.
 */
export function readManifest(manifest: string): {
  files: ExportFile[]
  transactionTime?: string
  baseUrl?: string
  warnings: Diagnostic[]
} {
  const parsed = schema.safeParse(readJson(manifest))
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
    throw broken(manifest, reasons.join('; '))
  }
  const { output, transactionTime, request } = parsed.data
  const baseUrl = request === undefined ? undefined : fhirBase(request)
  return {
    warnings: (['deleted', 'error'] as const).flatMap((section) =>
      (parsed.data[section] ?? []).length === 0 ? [] : [unread(manifest, section)],
    ),
    files: output.map((entry) => ({
      path: locate(manifest, entry.url),
      ...(entry.type === undefined ? {} : { declaredType: entry.type }),
      ...(entry.count === undefined ? {} : { declaredCount: entry.count }),
    })),
    ...(transactionTime === undefined ? {} : { transactionTime }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  }
}

function unread(manifest: string, section: string): Diagnostic {
  return {
    code: 'ingest/section-not-read',
    severity: 'warning',
    message: `The manifest has entries under "${section}", which are not read when loading from disk.`,
    place: { file: manifest },
    remedy: section === 'deleted' ? 'Load a full export to have deletions take effect.' : 'Look at these files.',
  }
}

function readJson(manifest: string): unknown {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8'))
  } catch (thrown) {
    throw broken(manifest, messageOf(thrown))
  }
}

/** The server's base of an export request: what stands before `$export`, without Patient or Group/x. */
function fhirBase(request: string): string | undefined {
  return /^(https?:\/\/.*?\/)(?:Patient\/|Group\/[^/]+\/)?\$export/.exec(request)?.[1]
}

function locate(manifest: string, url: string): string {
  if (/^https?:/i.test(url))
    throw fault('input', 'ingest/manifest-remote', `The manifest names a file on a server: ${new URL(url).pathname}.`, {
      place: { file: manifest },
      remedy: 'Pull it from the server, or name the downloaded files relative to the manifest.',
    })
  const path = url.startsWith('file:') ? fileURLToPath(url) : decodeURIComponent(url)
  const full = isAbsolute(path) ? path : join(dirname(manifest), path)
  if (existsSync(full)) return full
  throw fault('input', 'ingest/manifest-file-missing', `The manifest names a file that is not there: ${url}.`, {
    place: { file: manifest },
    remedy: 'Complete the export; nothing of it was loaded.',
  })
}

function broken(manifest: string, reason: string) {
  return fault('input', 'ingest/manifest-broken', `The manifest cannot be used: ${reason}.`, {
    place: { file: manifest },
    remedy: 'It must be JSON with output: [{type, url, count}].',
  })
}
