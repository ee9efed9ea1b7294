import type { TemplateName } from '../../plan/index.ts'
import { listTemplates } from './list.ts'
import { logicTemplates } from './logic.ts'
import { numberTemplates } from './number.ts'
import { powerTemplates } from './power.ts'
import { stepTemplates } from './step.ts'
import { temporalTemplates } from './temporal.ts'
import { textTemplates } from './text.ts'
import type { UnitTemplateName } from './unit.ts'

export { fill, usesOf } from './fill.ts'
export { unitTables } from './unit.ts'

/** The text of every primitive that does not depend on a program's units. */
export const templates: Readonly<Record<Exclude<TemplateName, UnitTemplateName>, string>> = {
  ...logicTemplates,
  ...numberTemplates,
  ...textTemplates,
  ...temporalTemplates,
  ...stepTemplates,
  ...powerTemplates,
  ...listTemplates,
}
