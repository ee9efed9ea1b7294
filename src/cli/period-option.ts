import type { Clock, Config } from '../base/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import type { Command } from './command.ts'
import { wrongUse } from './parse.ts'

/** `2026-01-01..2026-12-31` as a period in the configured zone; the calendar year of today where not given. */
export function readPeriod(
  command: Pick<Command, 'name'>,
  text: string | undefined,
  config: Config,
  clock: Clock,
): MeasurementPeriod {
  const year = clock.now().getUTCFullYear()
  const [, start, end] =
    /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text ?? `${year}-01-01..${year}-12-31`) ?? []
  if (start === undefined || end === undefined) {
    throw wrongUse(command, `--period takes START..END as in 2026-01-01..2026-12-31, not '${text}'`)
  }
  return { start, end, timeZone: config.timeZone }
}
