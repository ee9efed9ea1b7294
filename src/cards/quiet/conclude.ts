import type { CdsServiceSetting, Diagnostic } from '../../base/index.ts'
import { isObject } from '../../fhir/index.ts'
import { type Card, cardOf, type Indicator, indicators, type Link } from '../card.ts'
import type { Facts } from '../facts/facts.ts'
import { roleKey } from '../facts/prefetch-plan.ts'
import type { HookDefinition } from '../hook/hook.ts'
import type { HookRequest } from '../hook/hook-request.ts'
import type { Finding, Proposal, Topic } from '../topic.ts'
import { type FiredCard, hashOf, type Quiet } from './quiet.ts'

/** What became of a topic: its findings, or why there are none. */
export interface Measured {
  readonly topic: Topic
  readonly findings?: readonly Finding[]
  readonly diagnostics?: readonly Diagnostic[]
}

/** What the answer says of one finding. */
export interface Outcome {
  readonly measure?: string
  readonly guidance?: string
  readonly group?: string
  readonly status: Finding['status']
  readonly reason: string
  readonly shown: boolean
  /** Why an open finding is not shown. */
  readonly hidden?: string
}

/** What the cards rest on. An empty list of cards means "nothing to say" only of what is listed as evaluated. */
export interface Evaluation {
  readonly factsAsOf: string
  /** When facts that are stored here were loaded, where they were used too. */
  readonly storedFactsAsOf?: string
  readonly outcomes: readonly Outcome[]
}

/** Cards with what was looked at; or a request that cannot be taken; or data that was not to be had, by key. */
export type ServiceAnswer =
  | {
      readonly kind: 'cards'
      readonly cards: readonly Card[]
      readonly evaluation: Evaluation
      readonly fired: readonly FiredCard[]
      /** Why some topics could not be evaluated. */
      readonly unmet: readonly Diagnostic[]
    }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unmet'; readonly diagnostics: readonly Diagnostic[] }

/** One call, with all that decides what is shown of it. */
export interface Conclusion {
  readonly id: string
  readonly hook: HookDefinition
  readonly request: HookRequest
  readonly facts: Facts
  readonly now: string
  readonly setting?: CdsServiceSetting
  readonly surroundings: { readonly mostCards: number; readonly quiet: Quiet }
  readonly around: { readonly site: string; readonly links?: () => Promise<readonly Link[]> }
}

interface Candidate {
  readonly topic: Topic
  readonly finding: Finding
  readonly proposal: Proposal
}

/** The answer of a call: what is open and worth showing as cards, the gravest first; everything as outcomes. */
export async function concluded(call: Conclusion, measured: readonly Measured[]): Promise<ServiceAnswer> {
  const findings = measured.flatMap(({ topic, findings = [] }) => findings.map((finding) => ({ topic, finding })))
  const failed = measured.filter(({ diagnostics }) => diagnostics !== undefined)
  const unmet = distinct([
    ...failed.flatMap(({ diagnostics = [] }) => diagnostics),
    ...findings
      .filter(({ finding }) => finding.status === 'unknown')
      .map(({ topic, finding }) => unknown(topic, finding)),
  ])
  if (measured.length > 0 && findings.every(({ finding }) => finding.status === 'unknown'))
    return { kind: 'unmet', diagnostics: unmet }
  const candidates = findings.flatMap(({ topic, finding }) =>
    finding.proposal === undefined ? [] : [{ topic, finding, proposal: finding.proposal }],
  )
  const hidden = hide(call, [...candidates].sort(byGravity))
  const shown = candidates.filter(({ finding }) => hidden.get(finding) === undefined).sort(byGravity)
  const links = shown.length === 0 ? [] : ((await call.around.links?.()) ?? [])
  const cards = shown.map(({ topic, proposal }) =>
    cardOf(
      proposal.draft,
      links.map((link) => linkAbout(topic, link)),
    ),
  )
  const shadows = candidates.filter(({ finding }) => hidden.get(finding) === 'shadow')
  const { storedAsOf } = call.facts
  return {
    kind: 'cards',
    cards,
    fired: [
      ...shown.map((candidate, index) => firedOf(call, candidate, cards[index]?.uuid)),
      ...shadows.map((candidate) => firedOf(call, candidate, undefined)),
    ],
    unmet,
    evaluation: {
      factsAsOf: call.now,
      ...(storedAsOf === undefined ? {} : { storedFactsAsOf: storedAsOf }),
      outcomes: [
        ...findings.map(({ finding }) => outcomeOf(finding, hidden.get(finding))),
        ...failed.map(({ topic, diagnostics = [] }) => failedOutcome(topic, diagnostics)),
      ],
    },
  }
}

/** An app that is launched from a card is told what the card is about. */
function linkAbout({ id, subject }: Topic, link: Link): Link {
  return link.type === 'smart' && 'measure' in subject ? { ...link, appContext: JSON.stringify({ measure: id }) } : link
}

const gravity = (indicator: Indicator): number => indicators.indexOf(indicator)

const byGravity = (left: Candidate, right: Candidate): number =>
  gravity(right.proposal.draft.indicator) - gravity(left.proposal.draft.indicator)

/** Why each candidate is not shown; those that are absent here are. Critical ones are never snoozed. */
function hide(call: Conclusion, candidates: readonly Candidate[]): ReadonlyMap<Finding, string> {
  const hidden = new Map<Finding, string>()
  let shown = 0
  for (const { topic, finding, proposal } of candidates) {
    const reason = reasonToHide(call, topic, proposal)
    if (reason !== undefined) hidden.set(finding, reason)
    else if (shown >= call.surroundings.mostCards) hidden.set(finding, 'over the limit of cards')
    else if (saidElsewhere(call, proposal)) hidden.set(finding, 'another service says the same')
    else shown += 1
  }
  return hidden
}

function reasonToHide(call: Conclusion, topic: Topic, proposal: Proposal): string | undefined {
  const { indicator } = proposal.draft
  if (proposal.withheld !== undefined) return proposal.withheld
  if (gravity(indicator) < gravity(call.setting?.least ?? 'info')) return 'below the least severity'
  if (indicator !== 'critical' && isSnoozed(call, topic, proposal)) return 'snoozed'
  return call.setting?.shadow === true ? 'shadow' : undefined
}

function isSnoozed(call: Conclusion, topic: Topic, { fingerprint }: Proposal): boolean {
  const { person, clinician } = identitiesOf(call)
  return call.surroundings.quiet.isSnoozed({ person, clinician, topic: topic.id, fingerprint }, call.now)
}

function saidElsewhere(call: Conclusion, { sameAs }: Proposal): boolean {
  if (sameAs === undefined) return false
  const event = `${call.request.hookInstance} ${identitiesOf(call).person}`
  return !call.surroundings.quiet.claim(event, sameAs, call.id, call.now)
}

function identitiesOf({ request, around }: Conclusion): { readonly person: string; readonly clinician: string } {
  return {
    person: hashOf(request.fhirServer?.replace(/\/+$/, '') ?? around.site, request.patientId),
    clinician: hashOf(around.site, request.userId ?? ''),
  }
}

function firedOf(call: Conclusion, { topic, proposal }: Candidate, uuid: string | undefined): FiredCard {
  return {
    uuid: uuid ?? '',
    firedAt: call.now,
    serviceId: call.id,
    topic: topic.id,
    indicator: proposal.draft.indicator,
    ...identitiesOf(call),
    fingerprint: proposal.fingerprint,
    site: call.around.site,
    role: roleOf(call.request),
    shown: uuid !== undefined,
  }
}

/** Codes of the user's role where the client sent it. */
export function roleCodes(request: HookRequest): readonly string[] {
  const role = request.prefetch.get(roleKey)
  const concepts = isObject(role) && role['resourceType'] === 'PractitionerRole' ? role['code'] : undefined
  return listOf(concepts).flatMap((concept) =>
    listOf(concept['coding']).flatMap(({ code }) => (typeof code === 'string' && code !== '' ? [code] : [])),
  )
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isObject) : []

function roleOf(request: HookRequest): string {
  return roleCodes(request)[0]?.slice(0, 100) ?? request.userId?.split('/')[0] ?? 'none'
}

function outcomeOf({ subject, group, status, reason, proposal }: Finding, hidden: string | undefined): Outcome {
  return {
    ...subject,
    ...(group === undefined ? {} : { group }),
    status,
    reason,
    shown: proposal !== undefined && hidden === undefined,
    ...(hidden === undefined ? {} : { hidden }),
  }
}

function failedOutcome({ subject }: Topic, diagnostics: readonly Diagnostic[]): Outcome {
  const reason = diagnostics.map(({ message }) => message).join(' ')
  return { ...subject, status: 'unknown', reason, shown: false }
}

function unknown(topic: Topic, { reason }: Finding): Diagnostic {
  return {
    code: 'cards/not-evaluated',
    severity: 'error',
    message: `${topic.id} could not be evaluated: ${reason.replace(/^Cannot be evaluated: /, '').replace(/\.$/, '')}.`,
  }
}

function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [diagnostic.message, diagnostic])).values()]
}
