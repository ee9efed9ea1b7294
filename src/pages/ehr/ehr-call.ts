import { randomUUID } from 'node:crypto'
import { unwrap } from '../../base/index.ts'
import { type CdsService, readHookRequest, type ServiceAnswer } from '../../cards/index.ts'
import type { CdsDesk } from '../../jobs/index.ts'
import { draftsOf } from './ehr-orders.ts'
import { type EhrPatient, prefetchFor } from './ehr-person.ts'

/** What one service said. */
export interface EhrAnswer {
  readonly service: CdsService
  readonly answer: ServiceAnswer
}

/** How the page is named in reports. */
export const ehrSite = 'demo'
const user = 'Practitioner/demo'

/** Calls every service of a hook as an EHR does: one event, the prefetch of each, and for order-sign the drafts. */
export async function callServices(
  desk: CdsDesk,
  patient: EhrPatient,
  orders: readonly string[],
): Promise<readonly EhrAnswer[]> {
  const hook = orders.length === 0 ? 'patient-view' : 'order-sign'
  const hookInstance = randomUUID()
  const answers: EhrAnswer[] = []
  for (const service of desk.services.filter((one) => one.hook.name === hook)) {
    const request = unwrap(
      readHookRequest(
        {
          hook,
          hookInstance,
          context: {
            userId: user,
            patientId: patient.patientId,
            ...(orders.length === 0 ? {} : { draftOrders: draftsOf(orders, patient.patientId) }),
          },
          prefetch: prefetchFor(service, patient),
        },
        hook,
      ),
    )
    const answer = await service.answer(request, { site: ehrSite })
    desk.memory.keep(service, ehrSite, answer)
    answers.push({ service, answer })
  }
  return answers
}
