const system = 'https://caregap.dev/fhir/CodeSystem/override-reason'

export interface OverrideReason {
  readonly system: string
  readonly code: string
  readonly display: string
}

/** Why a clinician may set a card aside; each with its display (CDS Hooks 2.0.1, Override reasons). */
export const overrideReasons: readonly OverrideReason[] = [
  { system, code: 'done-elsewhere', display: 'Already done elsewhere' },
  { system, code: 'patient-declined', display: 'The patient declined' },
  { system, code: 'not-appropriate', display: 'Not appropriate for this patient' },
  { system, code: 'later', display: 'Will be addressed at another visit' },
  { system, code: 'wrong-data', display: 'The data is wrong or incomplete' },
]

/** Reasons that are about the patient and hold for every clinician. */
export const sharedReasons: ReadonlySet<string> = new Set(['done-elsewhere', 'patient-declined'])
