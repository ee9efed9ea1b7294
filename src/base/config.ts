import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { bulkServer, resolveSecrets } from './bulk-config.ts'
import { cdsConfig, resolveCds } from './cds-config.ts'
import { fault, messageOf } from './error.ts'
import { alertsConfig, scheduleConfig } from './schedule-config.ts'

/** An IANA zone that this machine's own calendar knows; a wrong one would move days in silence. */
const timeZone = z.string().refine(isTimeZone, { error: 'no IANA time zone, as America/Chicago is' })

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const source = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
    /** IANA zone in which the source's clinicians live; days of its UTC stamps are read in it. */
    timeZone: timeZone.default('UTC'),
    /** False for an outside organisation: whom only such know does not count in measures. */
    participant: z.boolean().optional(),
    /** The server that `caregap pull` gets it from. */
    bulk: bulkServer.optional(),
    /** When `caregap serve` pulls it by itself. */
    schedule: scheduleConfig.optional(),
  })
  .refine(({ bulk, schedule }) => schedule === undefined || bulk !== undefined, {
    error: 'a schedule needs a server to pull from (bulk)',
    path: ['schedule'],
  })

const server = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(8095),
  /** PEM files: the server then ends TLS itself. */
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  /** Addresses of the proxies that end TLS in front of it. */
  trustedProxies: z.array(z.union([z.ipv4(), z.ipv6()])).default([]),
})

const schema = z.strictObject({
  sources: z.array(source).default([]),
  /** The evaluation's time zone, for dates without an offset. */
  timeZone: timeZone.default('UTC'),
  identity: z
    .strictObject({
      /** Identifier systems whose equal values mean the same person (an enterprise MRN, a member id). */
      identifierSystems: z.array(z.string()).default([]),
    })
    .default({ identifierSystems: [] }),
  ingest: z
    .strictObject({
      maxLineBytes: z
        .number()
        .int()
        .positive()
        .default(64 * 1024 * 1024),
    })
    .default({ maxLineBytes: 64 * 1024 * 1024 }),
  /** Folders, beside the shipped ones, with FHIR terminology to load (official expansions, for example). */
  terminology: z.array(z.string()).default([]),
  /** Canonicals of value sets that a measure may read although they are missing, empty or cut; its results say so. */
  acceptedValueSets: z.array(z.string()).default([]),
  /** CQL model infos (XML files, or folders of them) beside FHIR 4.0.1 and those of installed packages. */
  modelInfos: z.array(z.string()).default([]),
  /** How retrieves by profile find resources: by meta.profile alone, by what defines the profile too, or all of the type. */
  profiles: z.enum(['declared', 'inferred', 'ignored']).default('inferred'),
  /** Who is told of scheduled pulls that are late or failed. */
  alerts: alertsConfig.optional(),
  /** `caregap serve` counts the same day of the year before anew once a week, from the data of today (`caregap look-back`). */
  lookBack: z.boolean().default(false),
  roster: z.string().optional(),
  users: z.string().optional(),
  /** CDS Hooks: who may call, what is offered, and how much of it is shown. */
  cds: cdsConfig.default(cdsConfig.parse({})),
  server: server.default(server.parse({})),
})

/** The configuration, checked. Paths in it are absolute: resolved against the file that names them. */
export type Config = z.infer<typeof schema>

export const defaultConfig: Config = schema.parse({})

/**
 * Reads and checks a configuration file (JSON). Without a path: `caregap.config.json` of the working folder
 * where it exists, else the defaults. Fault: `base/config-invalid` with every wrong key.
 */
export function loadConfig(path?: string): Config {
  const file = path ?? 'caregap.config.json'
  if (path === undefined && !existsSync(file)) return defaultConfig
  const parsed = schema.safeParse(readJson(file))
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
    throw fault('input', 'base/config-invalid', `The configuration is not valid: ${reasons.join('; ')}.`, {
      place: { file },
      remedy: 'Correct these keys; docs/configuration.md lists all of them.',
    })
  }
  const at = (name: string) => resolve(dirname(file), name)
  const config = parsed.data
  return {
    ...config,
    sources: config.sources.map(({ bulk, ...source }) =>
      bulk === undefined ? source : { ...source, bulk: resolveSecrets(bulk, at) },
    ),
    terminology: config.terminology.map(at),
    modelInfos: config.modelInfos.map(at),
    cds: resolveCds(config.cds, at),
    server: resolveTls(config.server, at),
    ...(config.roster === undefined ? {} : { roster: at(config.roster) }),
    ...(config.users === undefined ? {} : { users: at(config.users) }),
  }
}

function resolveTls({ tls, ...rest }: Config['server'], at: (name: string) => string): Config['server'] {
  return tls === undefined ? rest : { ...rest, tls: { cert: at(tls.cert), key: at(tls.key) } }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (thrown) {
    throw fault('input', 'base/config-unreadable', `The configuration cannot be read: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Give an existing JSON file with --config.',
    })
  }
}
