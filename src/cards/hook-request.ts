import { z } from 'zod'
import { type Diagnostic, failure, type Result, success } from '../base/index.ts'

/** A checked call of a CDS Hooks service. */
export interface HookRequest {
  readonly hook: string
  readonly hookInstance: string
  /** `Practitioner/abc`, `PractitionerRole/...`, `Patient/...` or `RelatedPerson/...`. */
  readonly userId: string
  /** The bare id, also where a client sends `Patient/abc`. */
  readonly patientId: string
  readonly encounterId?: string
  readonly fhirServer?: string
  /** By key, as sent; a key that was not sent is absent, one without data is null. */
  readonly prefetch: ReadonlyMap<string, unknown>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const user = /^(Practitioner|PractitionerRole|Patient|RelatedPerson)\/[A-Za-z0-9\-.]{1,64}$/
const patient = /^(Patient\/)?[A-Za-z0-9\-.]{1,64}$/
const encounter = /^(Encounter\/)?[A-Za-z0-9\-.]{1,64}$/

// Objects are loose: unknown fields, extensions and prefetch keys that nobody asked for do no harm.
const schema = z
  .looseObject({
    hook: z.string().min(1).max(200),
    hookInstance: z.string().regex(uuid, 'must be a UUID'),
    context: z.looseObject({
      userId: z
        .string()
        .regex(user, 'must be a reference to a Practitioner, PractitionerRole, Patient or RelatedPerson'),
      patientId: z.string().regex(patient, 'must be the id of a Patient'),
      encounterId: z.string().regex(encounter, 'must be the id of an Encounter').nullish(),
    }),
    fhirServer: z.url({ protocol: /^https?$/ }).nullish(),
    fhirAuthorization: z.looseObject({ access_token: z.string().min(1) }).nullish(),
    extension: z.looseObject({}).nullish(),
    prefetch: z.looseObject({}).nullish(),
  })
  .refine((request) => request.fhirAuthorization == null || request.fhirServer != null, {
    path: ['fhirServer'],
    message: 'is required where fhirAuthorization is given',
  })

/**
 * Checks the body of a call to a service for `hook` (CDS Hooks 2.0.1, HTTP Request). Failure: one diagnostic
 * per fault, naming the element and never its value.
 */
export function readHookRequest(body: unknown, hook: string): Result<HookRequest> {
  const parsed = schema.safeParse(body)
  if (!parsed.success) return failure(...parsed.error.issues.map((issue) => invalid(issue.path, wordsOf(issue))))
  const { context, fhirServer, prefetch, hookInstance } = parsed.data
  if (parsed.data.hook !== hook)
    return failure(invalid(['hook'], `must be ${hook}, for which this service is registered`))
  return success({
    hook,
    hookInstance,
    userId: context.userId,
    patientId: bareId(context.patientId),
    ...(context.encounterId == null ? {} : { encounterId: bareId(context.encounterId) }),
    ...(fhirServer == null ? {} : { fhirServer }),
    prefetch: new Map(Object.entries(prefetch ?? {})),
  })
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
