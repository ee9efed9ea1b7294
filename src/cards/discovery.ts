import type { CdsService } from './service.ts'

/** The discovery answer: every service with what it needs (CDS Hooks 2.0.1, Discovery; `version` as in 3.0). */
export function discoveryOf(services: readonly CdsService[]) {
  return {
    services: services.map(({ id, hook, title, description, plan }) => ({
      hook: hook.name,
      hookVersion: hook.version,
      id,
      title,
      description,
      version: '2.0.1',
      usageRequirements:
        'Each prefetch must be the whole answer to its query, with Medication resources contained or included; what is missing is fetched from fhirServer where its address is configured here.',
      prefetch: plan.templates,
    })),
  }
}
