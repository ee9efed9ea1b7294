import { z } from 'zod'
import { secretPlace } from './bulk-config.ts'

/** When a source is pulled by itself, in the source's own time zone, and when it is too late. */
export const scheduleConfig = z
  .strictObject({
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, as 02:30 is')
      .optional(),
    everyMinutes: z.number().int().min(5).optional(),
    /** So long after it was due a pull that is not complete is late: readiness turns red, the webhook is told. */
    lateAfterMinutes: z.number().int().min(1).default(360),
  })
  .refine(({ at, everyMinutes }) => (at === undefined) !== (everyMinutes === undefined), {
    error: 'one of at and everyMinutes',
  })

export type ScheduleConfig = z.infer<typeof scheduleConfig>

/** Who is told of pulls that are late or failed; never anything about people. */
export const alertsConfig = z.strictObject({ webhook: z.url({ protocol: /^https?$/ }), token: secretPlace.optional() })
