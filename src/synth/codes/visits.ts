import { type Code, hcpcs, snomed } from './code.ts'

/** Encounter.class codes of HL7's ActCode. */
export type VisitClass = 'AMB' | 'IMP' | 'EMER' | 'VR' | 'HH'

export interface VisitKind {
  readonly codes: readonly Code[]
  readonly class: VisitClass
  readonly minutes: number
}

const visit = (visitClass: VisitClass, minutes: number, ...codes: Code[]): VisitKind => ({
  codes,
  class: visitClass,
  minutes,
})

/** Codes of visits that may be shipped: an EHR's CPT codes are left out, their HCPCS and SNOMED kin stand in. */
export const visits = {
  office: visit('AMB', 20, snomed('185349003', 'Encounter for check up (procedure)')),
  clinic: visit(
    'AMB',
    20,
    hcpcs('G0463', 'Hospital outpatient clinic visit for assessment and management of a patient'),
    snomed('185349003', 'Encounter for check up (procedure)'),
  ),
  evening: visit('AMB', 20, snomed('185463005', 'Visit out of hours (procedure)')),
  followUp: visit('AMB', 15, snomed('439740005', 'Postoperative follow-up visit (procedure)')),
  welcome: visit('AMB', 40, hcpcs('G0402', 'Initial preventive physical examination')),
  wellnessFirst: visit('AMB', 40, hcpcs('G0438', 'Annual wellness visit; initial visit')),
  wellness: visit('AMB', 30, hcpcs('G0439', 'Annual wellness visit; subsequent visit')),
  nutrition: visit('AMB', 30, hcpcs('G0270', 'Medical nutrition therapy; reassessment, individual')),
  nutritionGroup: visit('AMB', 30, hcpcs('G0271', 'Medical nutrition therapy; reassessment, group')),
  home: visit('HH', 45, snomed('185460008', 'Home visit request by patient (procedure)')),
  telephone: visit('VR', 10, snomed('185317003', 'Telephone encounter (procedure)')),
  virtual: visit('VR', 10, hcpcs('G2012', 'Brief communication technology-based service, e.g. virtual check-in')),
  physicalTherapy: visit('AMB', 45, snomed('410158009', 'Physical therapy assessment (procedure)')),
  emergency: visit('EMER', 180, snomed('4525004', 'Emergency department patient visit (procedure)')),
  inpatient: visit('IMP', 3 * 1440, snomed('183452005', 'Emergency hospital admission (procedure)')),
  hospice: visit(
    'HH',
    60,
    hcpcs('G9477', 'Services performed by care coordinator in the hospice setting, each 15 minutes'),
  ),
  hospiceAdmission: visit('HH', 60, snomed('305336008', 'Admission to hospice (procedure)')),
  palliative: visit('AMB', 45, snomed('305284002', 'Admission by palliative care physician (procedure)')),
  frailty: visit('HH', 60, hcpcs('G0299', 'Direct skilled nursing services of a registered nurse in the home')),
} as const

export type VisitName = keyof typeof visits
