import { z } from 'zod'
import { type Diagnostic, failure, type Result, success } from '../../base/index.ts'
import type { Resource } from '../../fhir/index.ts'
import { contextFacts, contextSchema } from './context.ts'
import { hookNamed } from './hook.ts'

/** How the client lets us read from its server for the length of this call. Never stored, logged or sent elsewhere. */
export interface FhirAccess {
  readonly token: string
  /** SMART scopes, v1 or v2; undefined where the client states none. */
  readonly scope?: string
}

/** A checked call of a CDS Hooks service. */
export interface HookRequest {
  readonly hook: string
  readonly hookInstance: string
  /** `Practitioner/abc`, `PractitionerRole/...`, `Patient/...` or `RelatedPerson/...`; some hooks name no user. */
  readonly userId?: string
  /** The bare id, also where a client sends `Patient/abc`. */
  readonly patientId: string
  readonly encounterId?: string
  readonly fhirServer?: string
  readonly access?: FhirAccess
  /** Resources of the context (drafts, appointments, conditions), each with an id. */
  readonly resources: readonly Resource[]
  /** References to what the call is about: drafts, those selected of them, or dispatched orders. */
  readonly orders: readonly string[]
  /** By key, as sent; a key that was not sent is absent, one without data is null. */
  readonly prefetch: ReadonlyMap<string, unknown>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

// Objects are loose: unknown fields, extensions and prefetch keys that nobody asked for do no harm.
const envelope = z
  .looseObject({
    hook: z.string().min(1).max(200),
    hookInstance: z.string().regex(uuid, 'must be a UUID'),
    context: z.looseObject({}),
    fhirServer: z.url({ protocol: /^https?$/ }).nullish(),
    fhirAuthorization: z
      .looseObject({
        access_token: z
          .string()
          .min(1)
          .regex(/^[\x21-\x7e]+$/, 'must be a bearer token'),
        token_type: z
          .string()
          .regex(/^bearer$/i, 'must be Bearer')
          .nullish(),
        scope: z.string().nullish(),
      })
      .nullish(),
    extension: z.looseObject({}).nullish(),
    prefetch: z.looseObject({}).nullish(),
  })
  .refine((request) => request.fhirAuthorization == null || request.fhirServer != null, {
    path: ['fhirServer'],
    message: 'is required where fhirAuthorization is given',
  })

/**
 * Checks the body of a call to a service for `hook` (CDS Hooks 2.0.1, HTTP Request; the context by the hook's own
 * definition). Failure: one diagnostic per fault, naming the element and never its value.
 */
export function readHookRequest(body: unknown, hook: string): Result<HookRequest> {
  const definition = hookNamed(hook)
  if (definition === undefined) return failure(invalid(['hook'], 'is not known here'))
  const parsed = envelope.safeParse(body)
  const context = parsed.success ? contextSchema(definition).safeParse(parsed.data.context) : undefined
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => invalid(issue.path, wordsOf(issue)))
  if (!parsed.success) return failure(...issues)
  if (parsed.data.hook !== hook)
    return failure(invalid(['hook'], `must be ${hook}, for which this service is registered`))
  if (context?.success !== true) {
    const faults = context?.error?.issues ?? []
    return failure(...faults.map((issue) => invalid(['context', ...issue.path], wordsOf(issue))))
  }
  const { fhirServer, fhirAuthorization, prefetch, hookInstance } = parsed.data
  const { userId, patientId, encounterId } = context.data
  return success({
    hook,
    hookInstance,
    ...(typeof userId === 'string' ? { userId } : {}),
    patientId: bareId(String(patientId)),
    ...(typeof encounterId === 'string' ? { encounterId: bareId(encounterId) } : {}),
    ...(fhirServer == null ? {} : { fhirServer }),
    ...(fhirAuthorization == null ? {} : { access: accessOf(fhirAuthorization) }),
    ...contextFacts(definition, context.data),
    prefetch: new Map(Object.entries(prefetch ?? {})),
  })
}

function accessOf(given: { readonly access_token: string; readonly scope?: string | null | undefined }): FhirAccess {
  return { token: given.access_token, ...(given.scope == null ? {} : { scope: given.scope }) }
}

const bareId = (reference: string): string => reference.slice(reference.indexOf('/') + 1)

/** Our own words and those about types; the texts of a schema never quote what was sent. */
function wordsOf(issue: { readonly code?: string; readonly message: string; readonly input?: unknown }): string {
  return issue.code === 'invalid_type' ? `is missing or of another type (${issue.message})` : issue.message
}

function invalid(path: readonly PropertyKey[], message: string): Diagnostic {
  const element = path.map(String).join('.')
  return {
    code: 'cards/invalid-request',
    severity: 'error',
    message: `${element === '' ? 'The request' : element}: ${message}.`,
    place: { element },
    remedy: 'Send a CDS Hooks request with hook, hookInstance and the context of the hook.',
  }
}
