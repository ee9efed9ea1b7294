import { z } from 'zod'

/** Where a secret is found: never in the configuration itself, so that it can be shown and kept in version control. */
export const secretPlace = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
])

const webUrl = z.url({ protocol: /^https?$/ })

const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: secretPlace }),
  /** Client id and secret over HTTP Basic; `body: empty` where the token endpoint takes no form (BCDA). */
  z.strictObject({
    kind: z.literal('basic'),
    clientId: z.string().min(1),
    clientSecret: secretPlace,
    tokenUrl: webUrl.optional(),
    body: z.enum(['form', 'empty']).default('form'),
    scopes: z.array(z.string().min(1)).optional(),
  }),
  /** SMART Backend Services: the first key signs, all are published, so that keys can be changed in turn. */
  z.strictObject({
    kind: z.literal('smart'),
    clientId: z.string().min(1),
    keys: z.array(z.strictObject({ kid: z.string().min(1), key: secretPlace })).min(1),
    tokenUrl: webUrl.optional(),
    jku: webUrl.optional(),
    scopes: z.array(z.string().min(1)).optional(),
    scopeVersion: z.enum(['v1', 'v2']).optional(),
  }),
])

/** A header that the client does not set by itself. */
const ownHeader = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'the name of a header')
  .refine((name) => !ownByRule.test(name), { error: 'the client sets this header by itself' })
const ownByRule =
  /^(accept.*|authorization|connection|content-.*|cookie|expect|host|if-.*|prefer|proxy-.*|range|te|transfer-encoding|upgrade|user-agent)$/i

const resourceType = z.string().regex(/^[A-Z][A-Za-z]+$/, 'a FHIR resource type')

/** A Bulk Data server that a source is pulled from (http://hl7.org/fhir/uv/bulkdata). Times are in seconds. */
export const bulkServer = z
  .strictObject({
    baseUrl: webUrl,
    version: z.enum(['2.0', '3.0', '4.0']).default('2.0'),
    level: z.enum(['system', 'patient', 'group']).default('group'),
    group: z.string().min(1).optional(),
    method: z.enum(['GET', 'POST']).default('GET'),
    types: z.array(resourceType).optional(),
    typeFilters: z.array(z.string().min(1)).default([]),
    /** Nothing changed later than this; a server may take no notice, so what comes beyond it is loaded all the same. */
    until: z.iso.datetime({ offset: true }).optional(),
    /** Only of these patients of the group or server, by id. */
    patients: z.array(z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'the id of a Patient')).optional(),
    /** Only these elements of each resource, beside the mandatory ones: what comes never takes the place of a whole resource. */
    elements: z
      .array(z.string().regex(/^([A-Z][A-Za-z]+\.)?[a-z][A-Za-z]*$/, 'an element, as id or Patient.birthDate'))
      .optional(),
    includeAssociatedData: z.array(z.string().min(1)).default([]),
    /** Where the server lists its jobs (BCDA: `/api/v3/jobs`): an export whose kick-off got no answer is looked for there. */
    jobsUrl: webUrl.optional(),
    outputFormat: z.string().min(1).optional(),
    /** Ask the server to ignore what it does not support instead of refusing; it may then send more. */
    lenient: z.boolean().default(false),
    /** Ask only for what changed since the last complete pull. */
    incremental: z.boolean().default(true),
    /** Ask for everything again after so many days: servers may be silent about deletions. */
    fullEveryDays: z.number().positive().optional(),
    /** What becomes of resources that earlier exports brought and a whole one does not hold any more. */
    unseen: z.enum(['keep', 'remove']).default('keep'),
    /** `compare`: before changes are asked for, the group's patients are listed, and new ones are asked for whole. */
    members: z.enum(['trust', 'compare']).default('trust'),
    overlapMinutes: z.number().min(0).default(15),
    auth: auth.default({ kind: 'none' }),
    /** PEM: a certificate that the client shows (mutual TLS) with its key, and an authority that vouches for the server. */
    tls: z
      .strictObject({
        cert: secretPlace.optional(),
        key: secretPlace.optional(),
        passphrase: secretPlace.optional(),
        ca: secretPlace.optional(),
      })
      .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
        error: 'a certificate needs its key, and a key its certificate',
      })
      .optional(),
    /** Headers of every request to the server, as a gateway's key; their values are secrets. */
    headers: z.record(ownHeader, secretPlace).optional(),
    /** Other origins that files may come from; the token is never sent to them. */
    fileOrigins: z.array(webUrl).default([]),
    relativeUrls: z.boolean().default(false),
    /** Plain http, and then only to this machine itself. */
    plainLoopback: z.boolean().default(false),
    parallel: z.number().int().min(1).max(16).default(4),
    requestSeconds: z.number().positive().default(60),
    stallSeconds: z.number().positive().default(120),
    pollSeconds: z
      .strictObject({ least: z.number().positive().default(1), most: z.number().positive().default(21_600) })
      .default({ least: 1, most: 21_600 }),
    jobDays: z.number().positive().default(35),
    /** Free disk that must be there before files are downloaded, in MiB. */
    minFreeMb: z.number().int().min(0).default(1024),
    attempts: z.number().int().min(1).max(50).default(6),
  })
  .refine((server) => server.patients === undefined || (server.level !== 'system' && server.method === 'POST'), {
    error: 'patients go by POST alone, and at level patient or group',
    path: ['patients'],
  })
  .refine((server) => server.until === undefined || server.version !== '2.0', {
    error: 'until is of Bulk Data 3.0 and later',
    path: ['until'],
  })
  .refine((server) => (server.level === 'group') === (server.group !== undefined), {
    error: 'level group needs a group id, and no other level takes one',
    path: ['group'],
  })

export type BulkServer = z.infer<typeof bulkServer>
export type SecretPlace = z.infer<typeof secretPlace>

/** The same with the files of its secrets resolved against the folder of the configuration. */
export function resolveSecrets(server: BulkServer, at: (name: string) => string): BulkServer {
  const place = (found: SecretPlace): SecretPlace => ('file' in found ? { file: at(found.file) } : found)
  const { auth, tls } = server
  const places = Object.entries(tls ?? {}).map(([name, found]) => [name, found && place(found)] as const)
  const named = Object.entries(server.headers ?? {}).map(([name, found]) => [name, place(found)] as const)
  const resolved: BulkServer = {
    ...server,
    ...(tls === undefined ? {} : { tls: Object.fromEntries(places) }),
    ...(server.headers === undefined ? {} : { headers: Object.fromEntries(named) }),
  }
  switch (auth.kind) {
    case 'none':
      return resolved
    case 'bearer':
      return { ...resolved, auth: { ...auth, token: place(auth.token) } }
    case 'basic':
      return { ...resolved, auth: { ...auth, clientSecret: place(auth.clientSecret) } }
    case 'smart':
      return { ...resolved, auth: { ...auth, keys: auth.keys.map(({ kid, key }) => ({ kid, key: place(key) })) } }
  }
}
