/** One code of one published system. */
export interface Code {
  readonly system: string
  readonly code: string
  readonly display: string
}

export const systems = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  icd10pcs: 'http://www.cms.gov/Medicare/Coding/ICD10',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  hcpcs: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  cvx: 'http://hl7.org/fhir/sid/cvx',
} as const

const of =
  (system: string) =>
  (code: string, display: string): Code => ({ system, code, display })

export const loinc = of(systems.loinc)
export const snomed = of(systems.snomed)
export const icd10 = of(systems.icd10)
export const icd10pcs = of(systems.icd10pcs)
export const rxnorm = of(systems.rxnorm)
export const hcpcs = of(systems.hcpcs)
export const cvx = of(systems.cvx)
