import { contentHash } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { Gap, GapStatus } from '../gaps/index.ts'
import { extensionUrls, profileUrls } from './extension-urls.ts'

const gapsStatusSystem = 'http://hl7.org/fhir/us/davinci-deqm/CodeSystem/gaps-status'

/** The codes of DEQM's gap status. */
export const gapStatusCodes = ['open-gap', 'closed-gap', 'prospective-gap', 'not-applicable'] as const
export type GapStatusCode = (typeof gapStatusCodes)[number]

/**
 * Our statuses as DEQM's. What is ordered, or reported done and awaiting data, is open still; who is excluded or excepted
 * has no discrepancy between what should be and what is. What could not be evaluated has no code: it is told otherwise.
 */
const codes: Readonly<Record<GapStatus, GapStatusCode | undefined>> = {
  open: 'open-gap',
  ordered: 'open-gap',
  'awaiting-data': 'open-gap',
  prospective: 'prospective-gap',
  closed: 'closed-gap',
  excluded: 'closed-gap',
  'not-applicable': 'not-applicable',
  unknown: undefined,
}

export const gapStatusCode = (gap: Pick<Gap, 'status'>): GapStatusCode | undefined => codes[gap.status]

/** One measure of a gaps report: the individual report, and the gap of each group that can have one. */
export interface GapsSection {
  readonly title: string
  readonly report: Resource
  readonly gaps: readonly { readonly gap: Gap; readonly groupId?: string }[]
}

/** A gaps report of one person. */
export interface GapsReport {
  /** Of the Composition, and the ground of its parts' ids. */
  readonly id: string
  readonly patient: Resource
  readonly organization: Resource
  /** ISO instant. */
  readonly date: string
  /** Where the resources are said to be: an address that ends in a slash. */
  readonly base: string
  readonly sections: readonly GapsSection[]
  /** What the reports refer to. */
  readonly evidence: readonly Resource[]
  /** A document begins with a Composition; a collection has none. */
  readonly isDocument: boolean
}

/** A Bundle by DEQM's gaps in care profiles: (a Composition,) MeasureReports, DetectedIssues, and what they refer to. */
export function gapsBundle(gaps: GapsReport): Resource {
  const sections = gaps.sections.map((section) => ({ section, issues: issuesOf(gaps, section) }))
  const issues = sections.flatMap((one) => one.issues)
  const reports = gaps.sections.map(({ report }) => report)
  const resources = [
    ...(gaps.isDocument ? [compositionOf(gaps, sections)] : []),
    ...reports,
    ...issues,
    gaps.patient,
    gaps.organization,
    ...gaps.evidence,
  ]
  const entry = [...new Map(resources.map((resource) => [referenceTo(resource), resource])).entries()]
  return {
    resourceType: 'Bundle',
    id: gaps.id,
    meta: { profile: [profileUrls.gapsBundle] },
    identifier: {
      system: 'urn:ietf:rfc:3986',
      value: `urn:uuid:${uuidOf(gaps.id, gaps.date, JSON.stringify(issues))}`,
    },
    type: gaps.isDocument ? 'document' : 'collection',
    timestamp: gaps.date,
    entry: entry.map(([reference, resource]) => ({ fullUrl: `${gaps.base}${reference}`, resource })),
  }
}

const referenceTo = ({ resourceType, id = '' }: Resource): string => `${resourceType}/${id}`

/** A UUID that follows from what it names: the same report has the same. */
function uuidOf(...parts: readonly string[]): string {
  const hex = contentHash(...parts)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function issuesOf({ patient, date }: GapsReport, { report, gaps }: GapsSection): readonly Resource[] {
  return gaps.flatMap(({ gap, groupId }, index) => {
    const code = gapStatusCode(gap)
    if (code === undefined) return []
    const criteria =
      groupId === undefined ? {} : { extension: [{ url: extensionUrls.criteriaReference, valueString: groupId }] }
    const issue: Resource = {
      resourceType: 'DetectedIssue',
      id: `${report.id ?? ''}.${index + 1}`,
      meta: { profile: [profileUrls.gapsDetectedIssue] },
      modifierExtension: [
        { url: extensionUrls.gapStatus, valueCodeableConcept: { coding: [{ system: gapsStatusSystem, code }] } },
      ],
      status: 'final',
      code: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'CAREGAP', display: 'Care Gap' }],
      },
      patient: { reference: referenceTo(patient) },
      identifiedDateTime: date,
      evidence: [{ code: [{ text: gap.reasonCode }], detail: [{ ...criteria, reference: referenceTo(report) }] }],
      detail: gap.sentence,
    }
    return [issue]
  })
}

function compositionOf(
  gaps: GapsReport,
  sections: readonly { readonly section: GapsSection; readonly issues: readonly Resource[] }[],
): Resource {
  return {
    resourceType: 'Composition',
    id: gaps.id,
    meta: { profile: [profileUrls.gapsComposition] },
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '96315-7', display: 'Gaps in care report' }] },
    subject: { reference: referenceTo(gaps.patient) },
    date: gaps.date,
    author: [{ reference: referenceTo(gaps.organization) }],
    title: 'Gaps in care report',
    custodian: { reference: referenceTo(gaps.organization) },
    section: sections.map(({ section, issues }) => ({
      title: section.title,
      text: narrativeOf(section),
      focus: { reference: referenceTo(section.report) },
      entry: issues.map((issue) => ({ reference: referenceTo(issue) })),
    })),
  }
}

function narrativeOf({ gaps }: GapsSection) {
  const lines = gaps.map(({ gap }) => `<p>${escaped(gap.sentence)}</p>`).join('')
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${lines}</div>` }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
