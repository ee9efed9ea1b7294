export type { Card } from './card.ts'
export {
  type CareGapEngine,
  type CareGapService,
  createCareGapService,
  type Evaluation,
  type ServiceAnswer,
} from './care-gap-service.ts'
export { discoveryOf, patientViewId } from './discovery.ts'
export { type FeedbackEntry, readFeedback } from './feedback.ts'
export { type HookRequest, readHookRequest } from './hook-request.ts'
