import type { CareGapService } from './care-gap-service.ts'

export const patientViewId = 'caregap-patient-view'

/** The discovery answer: every service with what it needs (CDS Hooks 2.0.1, Discovery). */
export function discoveryOf(service: CareGapService, titles: readonly string[]) {
  return {
    services: [
      {
        hook: 'patient-view',
        hookVersion: '1.0',
        id: patientViewId,
        title: 'Care gaps',
        description: `Open care gaps of the patient, each with its reason: ${titles.join('; ') || 'no measure is installed'}.`,
        version: '2.0.1',
        usageRequirements:
          'Evaluates the prefetched data alone: each prefetch must be the whole answer to its query, with Medication resources contained or included.',
        prefetch: service.plan.templates,
      },
    ],
  }
}
