import { z } from 'zod'
import { secretPlace } from './bulk-config.ts'

const webUrl = z.url({ protocol: /^https?$/ })

/** Public keys of a client: fetched from an address that stands here, or read from a file. */
const keySet = z.union([z.strictObject({ url: webUrl }), z.strictObject({ file: z.string().min(1) })])

/** A CDS Hooks client: an EHR that signs its calls (https://cds-hooks.hl7.org/2.0/#trusting-cds-clients). */
const client = z.strictObject({
  /** `iss` of its JWTs, exactly. */
  issuer: z.string().min(1),
  keys: keySet,
  /** Addresses that `aud` may name beside the one that was called, where a proxy or a health system changes them. */
  audiences: z.array(z.string().min(1)).default([]),
  /** Tenants that may call; all where absent. */
  tenants: z.array(z.string().min(1)).optional(),
  /** Longest life of a JWT, from `iat` to `exp`. */
  lifetimeSeconds: z.number().int().positive().max(86_400).default(900),
  /** How far its clock may be off. */
  skewSeconds: z.number().int().min(0).max(600).default(60),
  /** `allow` lets one JWT be used for several calls. */
  replay: z.enum(['refuse', 'allow']).default('refuse'),
  role: z.enum(['clinician', 'quality', 'admin']).default('clinician'),
  practices: z.array(z.string().regex(/^\d{9}$/, 'a TIN of nine digits')).optional(),
  /** The source whose patients are its own: stored facts of no other are used for its calls. */
  source: z.string().min(1).optional(),
  /** How reports name it; the issuer where absent. */
  site: z.string().min(1).optional(),
})

/** An origin as `frame-ancestors` takes it; plain http for this machine alone. */
const frameOrigin = z
  .string()
  .regex(
    /^(https:\/\/(\*\.)?[A-Za-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/,
    'an origin, as https://ehr.example is',
  )

/** How patient pages are opened from an EHR (SMART App Launch). */
const launch = z.strictObject({
  clientId: z.string().min(1),
  /** For a confidential client; without it PKCE alone shows who redeems a code. */
  clientSecret: secretPlace.optional(),
  scopes: z.array(z.string().min(1)).min(1).default(['launch', 'openid', 'fhirUser', 'patient/Patient.r']),
  /** Origins of the EHR that may show the pages in a frame. */
  frameAncestors: z.array(frameOrigin).default([]),
  role: z.enum(['clinician', 'quality']).default('clinician'),
  practices: z.array(z.string().regex(/^\d{9}$/, 'a TIN of nine digits')).optional(),
  /** How the audit names it; the host of its FHIR server where absent. */
  site: z.string().min(1).optional(),
  /** How long one patient's page stays open. */
  sessionMinutes: z.number().int().min(1).max(480).default(30),
})

/** A FHIR server that calls may name in `fhirServer`: missing prefetch is fetched from no other. */
const fhirServer = z.strictObject({
  baseUrl: webUrl,
  /** The source whose stored facts are of the same patients. */
  source: z.string().min(1).optional(),
  /** Plain http, and then only to this machine itself. */
  plainLoopback: z.boolean().default(false),
  /** Present where patient pages may be opened from it. */
  launch: launch.optional(),
})

const serviceSetting = z.strictObject({
  /** False takes it out of discovery. */
  enabled: z.boolean().default(true),
  /** Evaluated and recorded, and never shown. */
  shadow: z.boolean().default(false),
  /** Least severity that is shown. */
  least: z.enum(['info', 'warning', 'critical']).default('info'),
  /** Values of parameters of its logic, by name. */
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export const cdsConfig = z.strictObject({
  /** Folders of services beside the shipped ones: `<folder>/<id>/plan.json`. */
  folders: z.array(z.string()).default([]),
  /** ConceptMaps of installed packages, by canonical, from products to their RxNorm ingredients. */
  ingredientMaps: z.array(z.string().min(1)).default([]),
  clients: z.array(client).default([]),
  fhirServers: z.array(fhirServer).default([]),
  /** Longest time in which a call's missing facts are fetched. */
  fetchSeconds: z.number().positive().max(30).default(3),
  /** Cards of one answer at most. */
  mostCards: z.number().int().min(1).max(50).default(5),
  /** How long an overridden card stays away, as long as its facts are the same. */
  snoozeDays: z.number().min(0).max(3650).default(90),
  /** Calls that wait or work at a time; more are answered 503. */
  mostCalls: z.number().int().min(1).max(10_000).default(200),
  /** Hooks on which care gaps are offered. */
  careGapHooks: z
    .array(z.enum(['patient-view', 'appointment-book', 'encounter-start', 'encounter-discharge']))
    .default(['patient-view', 'appointment-book', 'encounter-start', 'encounter-discharge']),
  /** By service folder; `care-gaps` for care gaps. */
  services: z.record(z.string(), serviceSetting).default({}),
})

export type CdsConfig = z.infer<typeof cdsConfig>
export type CdsClient = z.infer<typeof client>
export type CdsFhirServer = z.infer<typeof fhirServer>
export type CdsServiceSetting = z.infer<typeof serviceSetting>

/** The same with its paths resolved against the folder of the configuration. */
export function resolveCds(cds: CdsConfig, at: (name: string) => string): CdsConfig {
  return {
    ...cds,
    folders: cds.folders.map(at),
    fhirServers: cds.fhirServers.map((one) => resolveLaunch(one, at)),
    clients: cds.clients.map((one) => ('file' in one.keys ? { ...one, keys: { file: at(one.keys.file) } } : one)),
  }
}

function resolveLaunch(server: CdsFhirServer, at: (name: string) => string): CdsFhirServer {
  const secret = server.launch?.clientSecret
  if (server.launch === undefined || secret === undefined || !('file' in secret)) return server
  return { ...server, launch: { ...server.launch, clientSecret: { file: at(secret.file) } } }
}
