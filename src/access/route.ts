import type { Context } from 'hono'

/** What a user may do. `quality` sees people and gaps; `clinician` one patient at a time; `analyst` counts only. */
export const roles = ['admin', 'quality', 'clinician', 'analyst'] as const
export type Role = (typeof roles)[number]

export interface Principal {
  readonly userId: string
  readonly role: Role
  /** Practices (by TIN) whose people the user may see; undefined for all. */
  readonly practices?: readonly string[]
  /** The source whose patients the caller sends, where that is known of the caller. */
  readonly source?: string
  /** Present where the pages are opened from an EHR: the origins that may show them in a frame. */
  readonly framedBy?: readonly string[]
}

/** Who looks by a launch from an EHR, at the one person of that launch. */
export interface LaunchedBy {
  readonly principal: Principal
  /** Undefined until the person is found. */
  readonly pid: number | undefined
}

/** Who may call a route, decided before any data is read. Every route has one. */
export type AccessRule =
  /** No patient data and no login: health, discovery, styles. */
  | { readonly kind: 'public' }
  /** Counts and rates, never a person. */
  | { readonly kind: 'aggregate'; readonly roles: readonly Role[] }
  /** Reads people's data: audited, with the pids that were read. */
  | { readonly kind: 'patient'; readonly roles: readonly Role[]; readonly action: string }

/** What a handler knows of its request beside the request itself. */
export interface RequestScope {
  readonly principal: Principal
  readonly requestId: string
  /** Names the people whose data the answer holds; a `patient` route that never calls it is a fault. */
  read(details: { readonly pids: readonly number[]; readonly measureId?: string }): void
}

/** Who a route's own check says that the caller is; `forbidden` where known and not allowed, undefined where unknown. */
export type Identified = Principal | 'forbidden' | undefined

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS'
  readonly path: string
  readonly rule: AccessRule
  /**
   * True where browsers of other origins may change things or send data here: CDS Hooks clients, which
   * bring the patient's data with them. Such a route must not act for whoever is logged in at the browser.
   */
  readonly crossOrigin?: true
  /**
   * Who calls, for routes whose callers prove it otherwise than people do. Where it does not know, a token of the
   * users file still counts; that nobody else can reach this machine does not.
   */
  readonly identify?: (context: Context) => Promise<Identified>
  /** True where a launch from an EHR opens it too: for the person of the launch alone, where the path names one. */
  readonly launchable?: true
  /**
   * True where answers go out as soon as their audit row is in the journal beside the database, which is written into the
   * table a moment later: for routes that are called many times a second.
   */
  readonly auditedByJournal?: true
  readonly handle: (context: Context, scope: RequestScope) => Response | Promise<Response>
}
