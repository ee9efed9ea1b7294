import { expect } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'

/** Calls the first service at patient-view with this prefetch; of all else the EHR says that it has none. Its answer. */
export async function askPatientView<Body>(
  application: Application,
  { prefetch, patientId, fhirServer }: { prefetch: object; patientId: unknown; fhirServer: string },
): Promise<Body> {
  const app = await createApp({ application, host: '127.0.0.1' })
  const { services } = (await (await app.request('http://127.0.0.1/cds-services')).json()) as {
    services: { id: string; prefetch: Record<string, string> }[]
  }
  const [service] = services
  const none = Object.fromEntries(Object.keys(service?.prefetch ?? {}).map((key) => [key, null]))
  const response = await app.request(`http://127.0.0.1/cds-services/${service?.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
      fhirServer,
      context: { userId: 'Practitioner/example', patientId },
      prefetch: { ...none, ...prefetch },
    }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Body
}
