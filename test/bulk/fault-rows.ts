import type { Fault, ServerSetup } from './bulk-server.ts'
import { lines, patient, smallExport, smallIds } from './pulled.ts'
import {
  answers,
  cutsChunks,
  cutsFile,
  cutsGzip,
  cutsRanged,
  dripsFile,
  givesRest,
  hangsUp,
  isSilent,
  says,
  sendsText,
  stallsFile,
} from './wire-faults.ts'

/** A row of the fault matrix; docs/bulk-data.md has a line for each. */
export interface FaultRow {
  readonly scenario: string
  readonly faults?: readonly Fault[]
  readonly setup?: Partial<ServerSetup>
  readonly config?: Record<string, unknown>
  readonly code?: string
  readonly findings?: readonly string[]
  readonly ids?: readonly string[]
  readonly resources?: number
  readonly exitCode?: number
  readonly longestWaitMs?: number
  readonly kickOffs?: number
  /** Exports left at the server. */
  readonly left?: number
}

const patients = String(smallExport[0]?.text)
const group = (id: string) => ({ resourceType: 'Group', id: 'g', member: [{ entity: { reference: `Patient/${id}` } }] })
const groupOf = (id: string) => ({ type: 'Group', text: lines(group(id)) })
const later = (ms: number) => ({ 'Retry-After': new Date(Date.now() + ms).toUTCString() })
const cutting = lines(patient('a', { name: [{ family: 'Ångström 😀 \u2028 Πλάτων' }] }), patient('b'), patient('c'))
const withFirst = (text: string | Buffer, type = 'Patient') => ({ files: [{ type, text }, ...smallExport.slice(1)] })

export const recovered: readonly FaultRow[] = [
  { scenario: 'kick-off: 429 while another export runs', faults: [answers('kick-off', 429, { times: 8 })] },
  {
    scenario: 'kick-off: 429 with Retry-After in seconds',
    faults: [answers('kick-off', 429, { headers: { 'Retry-After': '120' } })],
    longestWaitMs: 120_000,
  },
  { scenario: 'kick-off: 503, then accepted', faults: [answers('kick-off', 503, { times: 3 })] },
  {
    scenario: 'kick-off: the connection breaks and no answer comes',
    faults: [hangsUp('kick-off')],
    findings: ['bulk/kick-off-unknown'],
  },
  {
    scenario: 'kick-off: POST is not known, GET is',
    faults: [answers('kick-off', 405)],
    config: { method: 'POST' },
  },
  {
    scenario: 'status: Retry-After in seconds',
    faults: [answers('status', 202, { headers: { 'Retry-After': '17' } })],
    longestWaitMs: 17_000,
  },
  {
    scenario: 'status: Retry-After as an epoch in milliseconds',
    faults: [answers('status', 202, { headers: { 'Retry-After': '99999999999999' } })],
    longestWaitMs: 21_600_000,
  },
  {
    scenario: 'status: Retry-After of 0, negative or no time at all',
    faults: ['0', '-5', 'soon', ''].map((value) => answers('status', 202, { headers: { 'Retry-After': value } })),
  },
  { scenario: 'status: Retry-After as a date', faults: [answers('status', 202, { headers: later(90_000) })] },
  { scenario: 'status: 429 again and again', faults: [answers('status', 429, { times: 6 })] },
  { scenario: 'status: 502 with a page', faults: [answers('status', 502, { body: '<html>oops</html>', times: 3 })] },
  { scenario: 'status: an outcome that says transient', faults: [says('status', 500, 'transient', 3)] },
  { scenario: 'status: the connection breaks', faults: [hangsUp('status', 3)] },
  { scenario: 'status: silence', faults: [isSilent('status')], config: { requestSeconds: 0.3 } },
  {
    scenario: 'status: 200 with something that is no manifest, then one',
    faults: [answers('status', 200, { body: '{"output":' })],
  },
  {
    scenario: 'status: the server has forgotten the export: a new one, once',
    faults: [says('status', 404, 'not-found')],
    kickOffs: 2,
  },
  { scenario: 'manifest: in pages', setup: { pageSize: 1 } },
  {
    scenario: 'manifest: of 4.0, with outcome and extensions as a list',
    setup: {
      manifest: ({ output, transactionTime, requiresAccessToken }) => ({
        output,
        transactionTime,
        requiresAccessToken,
        extension: [],
        outcome: [],
        manifestType: 'x',
      }),
    },
  },
  {
    scenario: 'manifest: relative URLs that are allowed',
    config: { relativeUrls: true },
    setup: { manifest: relative },
  },
  {
    scenario: 'manifest: no file of a type that was asked for',
    config: { types: ['Patient', 'Observation', 'Condition'] },
    findings: ['bulk/types-absent'],
  },
  {
    scenario: 'manifest: files of a type that was not asked for',
    config: { types: ['Patient'] },
    findings: ['bulk/types-unasked'],
  },
  {
    scenario: 'manifest: files without a type',
    setup: { manifest: (manifest) => ({ ...manifest, output: outputOf(manifest).map(({ url }) => ({ url })) }) },
  },
  {
    scenario: 'manifest: names a file twice',
    setup: { manifest: (manifest) => ({ ...manifest, output: [...outputOf(manifest), outputOf(manifest)[0]] }) },
    findings: ['bulk/url-repeated'],
    resources: 10,
  },
  {
    scenario: 'manifest: Expires that is no HTTP date',
    faults: [],
    setup: { manifest: (manifest) => ({ ...manifest, JobID: 7, expires: '2026-12-09 20:44:01.7 +0000 UTC' }) },
  },
  { scenario: 'file: the connection is reset in the middle', faults: [cutsFile(patients, 2)] },
  { scenario: 'file: cut without a stated length', faults: [cutsChunks(patients)] },
  {
    scenario: 'file: cut, and the server takes ranges: the rest alone is fetched',
    faults: [givesRest(patients)],
  },
  {
    scenario: 'file: cut, and another content by then',
    faults: [cutsRanged(lines(patient('z'), patient('y'))), sendsText(patients)],
  },
  {
    scenario: 'file: cut, and a range of another content',
    faults: [givesRest(patients, '"two"')],
  },
  { scenario: 'file: cut, and 416', faults: [givesRest(patients, '"one"', 416)] },
  {
    scenario: 'file: cut under a weak ETag: all of it anew',
    faults: [cutsRanged(patients, 'W/"one"'), sendsText(patients)],
  },
  { scenario: 'file: stalls in the middle', faults: [stallsFile(patients)] },
  { scenario: 'file: gzip cut, the transport sound', faults: [cutsGzip(patients, 2)] },
  { scenario: 'file: a last line cut in transport', faults: [sendsText(patients.slice(0, -20))] },
  { scenario: 'file: fewer lines than declared, then all', faults: [sendsText(lines(patient('a')))] },
  { scenario: 'file: a page instead of resources, then resources', faults: [sendsText('<html>sorry</html>')] },
  { scenario: 'file: 429, then one at a time', faults: [answers('file', 429, { times: 3 })] },
  { scenario: 'file: 500, 502, 503', faults: [500, 502, 503].map((status) => answers('file', status)) },
  {
    scenario: 'file: 503 with Retry-After of an hour',
    faults: [answers('file', 503, { headers: { 'Retry-After': '3600' } })],
    longestWaitMs: 3_600_000,
  },
  {
    scenario: 'file: 403 on an expired URL, the manifest gives a new one',
    setup: { manifest: freshUrls() },
    faults: [answers('file', 403)],
  },
  {
    scenario: 'file: characters cut by the chunks of the transport',
    setup: withFirst(cutting),
    faults: [dripsFile(cutting)],
  },
  {
    scenario: 'file: Content-Type of another kind',
    faults: [answers('file', 200, { headers: { 'Content-Type': 'binary/octet-stream' }, body: patients })],
    setup: { files: smallExport.slice(0, 1) },
    ids: ['Patient/a', 'Patient/b', 'Patient/c'],
    resources: 3,
  },
  {
    scenario: 'file: byte order mark, CR LF, blank lines, no last line feed',
    setup: withFirst(`\uFEFF${patients.replaceAll('\n', '\r\n\r\n').trimEnd()}`),
  },
  { scenario: 'file: empty', setup: { files: [...smallExport, { type: 'Condition', text: '', count: 0 }] } },
  {
    scenario: 'file: a line that is no JSON',
    setup: withFirst(`${patients}{"resourceType":"Patient",\n`),
    exitCode: 1,
    resources: 8,
  },
  {
    scenario: 'file: a line of 60 MB',
    setup: withFirst(lines(patient('a', { text: { div: 'x'.repeat(60_000_000) } }), patient('b'), patient('c'))),
  },
  {
    scenario: 'file: resources of another type than declared',
    setup: withFirst(patients, 'Observation'),
  },
  { scenario: 'delete: the server fails', faults: [answers('delete', 500)], findings: ['bulk/not-released'], left: 1 },
  { scenario: 'delete: the server has deleted it by itself', faults: [answers('delete', 404)], left: 1 },
  {
    scenario: 'error file: warnings and information only',
    setup: {
      files: [
        ...smallExport,
        {
          section: 'error',
          text: lines({
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'information', code: 'informational', diagnostics: 'fine' }],
          }),
        },
      ],
    },
    findings: ['bulk/server-remarks'],
  },
]

export const shortened: readonly FaultRow[] = [
  {
    scenario: 'error file: errors',
    setup: {
      files: [
        ...smallExport,
        {
          section: 'error',
          text: lines({
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'error', code: 'exception', diagnostics: 'no Encounter' }],
          }),
        },
      ],
    },
    findings: ['bulk/server-errors'],
  },
  {
    scenario: 'outcome file of 4.0: something unreadable',
    setup: { files: [...smallExport, { section: 'outcome', text: 'nonsense\n' }] },
    findings: ['bulk/server-errors'],
  },
  {
    scenario: 'manifest: a transactionTime that is none',
    setup: { transactionTime: 'yesterday' },
    findings: ['bulk/no-transaction-time'],
  },
  {
    scenario: 'group: patients who are not its members by the Group of the export',
    config: { level: 'group', group: 'g' },
    setup: {
      files: [...smallExport, groupOf('elsewhere')],
    },
    findings: ['bulk/other-patients'],
    ids: ['Group/g', ...smallIds],
  },
  {
    scenario: 'patients: others than those who were named',
    config: { level: 'patient', method: 'POST', patients: ['a'] },
    findings: ['bulk/other-patients'],
  },
  {
    scenario: 'group: the whole export holds no patient',
    config: { level: 'group', group: 'nobody' },
    setup: { files: [] },
    findings: ['bulk/no-patients'],
    ids: [],
  },
  {
    scenario: 'file: its last line is cut at the server',
    setup: { files: [{ type: 'Patient', text: `${patients}{"resourceType":"Pat` }] },
    findings: ['bulk/line-cut'],
    ids: ['Patient/a', 'Patient/b', 'Patient/c'],
  },
  {
    scenario: 'deleted: an entry that cannot be read',
    setup: {
      files: [
        ...smallExport,
        { section: 'deleted', text: '{"resourceType":"Bundle","entry":[{"request":{"method":"PUT","url":"x"}}]}\n' },
      ],
    },
    findings: ['bulk/deletions-unreadable'],
  },
]

export const refused: readonly FaultRow[] = [
  {
    scenario: 'kick-off: 400 with an outcome',
    faults: [says('kick-off', 400, 'not-supported')],
    code: 'bulk/kick-off-refused',
  },
  { scenario: 'kick-off: 413', faults: [answers('kick-off', 413)], code: 'bulk/kick-off-refused' },
  {
    scenario: 'kick-off: accepted without Content-Location',
    faults: [answers('kick-off', 202)],
    code: 'bulk/kick-off-answer',
  },
  {
    scenario: 'kick-off: 500 again and again',
    faults: [answers('kick-off', 500, { times: 50 })],
    code: 'bulk/kick-off-busy',
  },
  {
    scenario: 'kick-off: the status is on another origin',
    faults: [answers('kick-off', 202, { headers: { 'Content-Location': 'http://127.0.0.1:9/status/1' } })],
    code: 'bulk/foreign-origin',
  },
  {
    scenario: 'status: an outcome that says it failed',
    faults: [says('status', 500, 'exception')],
    code: 'bulk/job-failed',
  },
  { scenario: 'status: 410 for every export', faults: [says('status', 410, 'not-found', 9)], code: 'bulk/job-gone' },
  {
    scenario: 'status: 200 without a manifest, again and again',
    faults: [answers('status', 200, { body: 'done', times: 9 })],
    code: 'bulk/manifest-broken',
  },
  { scenario: 'manifest: relative URLs', setup: { manifest: relative }, code: 'bulk/relative-url' },
  {
    scenario: 'manifest: a file on another origin',
    setup: {
      manifest: (manifest) => ({
        ...manifest,
        output: [{ type: 'Patient', url: 'https://elsewhere.example/f?secret-of-the-url' }],
      }),
    },
    code: 'bulk/foreign-origin',
  },
  {
    scenario: 'manifest: a file over plain http on another machine',
    config: { fileOrigins: ['http://10.1.2.3'] },
    setup: { manifest: (manifest) => ({ ...manifest, output: [{ type: 'Patient', url: 'http://10.1.2.3/f' }] }) },
    code: 'bulk/insecure-url',
  },
  {
    scenario: 'file: a redirect to another origin',
    faults: [answers('file', 307, { headers: { Location: 'https://elsewhere.example/f?secret-of-the-url' } })],
    code: 'bulk/foreign-origin',
  },
  {
    scenario: 'file: redirects without an end',
    faults: [answers('file', 302, { headers: { Location: '/file/again/0' }, times: 99 })],
    code: 'bulk/redirects',
  },
  {
    scenario: 'file: 410, and the manifest gives the same URL',
    faults: [says('file', 410, 'not-found', 9)],
    code: 'bulk/file-gone',
  },
  {
    scenario: 'file: other content than declared, twice the same',
    faults: [sendsText(lines(patient('a')), 9)],
    code: 'bulk/count-differs',
  },
  {
    scenario: 'file: a page instead of resources, again and again',
    faults: [sendsText('<html>sorry</html>', 9)],
    code: 'bulk/not-ndjson',
  },
  { scenario: 'file: gzip cut, again and again', faults: [cutsGzip(patients, 9)], code: 'bulk/gzip-broken' },
  { scenario: 'file: reset, again and again', faults: [cutsFile(patients, 9)], code: 'bulk/connection-failed' },
  {
    scenario: 'file: resources reduced to some elements (SUBSETTED)',
    setup: { files: [{ type: 'Patient', text: lines(patient('a', { meta: { tag: [{ code: 'SUBSETTED' }] } })) }] },
    code: 'bulk/subsetted',
  },
  {
    scenario: 'file: blank lines where resources are declared',
    setup: {
      files: [
        { type: 'Patient', text: '\n\n' },
        { type: 'Observation', text: '\n', count: 1 },
      ],
    },
    code: 'bulk/count-differs',
  },
]

function outputOf(manifest: Record<string, unknown>): Record<string, unknown>[] {
  return manifest['output'] as Record<string, unknown>[]
}

function relative(manifest: Record<string, unknown>): unknown {
  const output = outputOf(manifest).map((file) => ({ ...file, url: new URL(String(file['url'])).pathname }))
  return { ...manifest, output }
}

/** Each reading of the manifest has other signatures. */
function freshUrls(): NonNullable<ServerSetup['manifest']> {
  let reading = 0
  return (manifest) => {
    reading++
    const output = outputOf(manifest).map((file) => ({ ...file, url: `${String(file['url'])}?signature=${reading}` }))
    return { ...manifest, output }
  }
}
