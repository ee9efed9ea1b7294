const system = 'https://caregap.dev/fhir/CodeSystem/override-reason'

/** Why a clinician may set a care-gap card aside; each with its display (CDS Hooks 2.0.1, Override reasons). */
export const overrideReasons = [
  { system, code: 'done-elsewhere', display: 'Already done elsewhere' },
  { system, code: 'patient-declined', display: 'The patient declined' },
  { system, code: 'not-appropriate', display: 'Not appropriate for this patient' },
  { system, code: 'later', display: 'Will be addressed at another visit' },
  { system, code: 'wrong-data', display: 'The data is wrong or incomplete' },
] as const
