const fhir = 'http://hl7.org/fhir/StructureDefinition'
const deqm = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition'

/** Extensions of reports: of DEQM US 5.0.0, and of FHIR's core that it takes up. */
export const extensionUrls = {
  scoring: `${deqm}/extension-measureScoring`,
  groupImprovementNotation: `${deqm}/extension-groupImprovementNotation`,
  gapStatus: `${deqm}/extension-gapStatus`,
  updateType: `${deqm}/extension-submitDataUpdateType`,
  criteriaReference: `${fhir}/cqf-criteriaReference`,
  description: `${fhir}/measurereport-populationDescription`,
  measureInfo: `${fhir}/cqf-measureInfo`,
  inputParameters: `${fhir}/cqf-inputParameters`,
  messages: `${fhir}/cqf-messages`,
  supplementalData: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport.supplementalData',
} as const

/** An element of R5 in an R4 resource. */
export const elementOfR5 = (path: string): string => `http://hl7.org/fhir/5.0/StructureDefinition/extension-${path}`

/** Profiles of DEQM US 5.0.0 that our resources claim. */
export const profileUrls = {
  individual: `${deqm}/indv-measurereport-deqm`,
  summary: `${deqm}/summary-measurereport-deqm`,
  'subject-list': `${deqm}/subjectlist-measurereport-deqm`,
  'data-collection': `${deqm}/datax-measurereport-deqm`,
  individualList: `${deqm}/indv-measurereport-list`,
  gapsBundle: `${deqm}/gaps-bundle-deqm`,
  gapsComposition: `${deqm}/gaps-composition-deqm`,
  gapsDetectedIssue: `${deqm}/gaps-detectedissue-deqm`,
} as const
