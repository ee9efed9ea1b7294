import { CaregapError, fault, systemClock, unwrap } from '../../base/index.ts'
import { type CompileStage, compileStages, createSetProgram, planOverHeld, showStage } from '../../compile/index.ts'
import { setLogicOf } from '../../measure/index.ts'
import { deriveTyped, slicedTables } from '../../store/index.ts'
import type { Command } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { readPeriod } from '../period-option.ts'

/** `caregap compile`: what the compiler made of a measure, stage by stage. */
export const compile: Command = {
  name: 'compile',
  summary: 'show what the compiler made of a measure',
  usage: 'MEASURE [--stage core|plan|sql] [--period START..END]',
  options: {
    stage: { type: 'string', value: 'NAME', help: 'core (typed logic), plan (relations) or sql (the default)' },
    period: { type: 'string', value: 'START..END', help: 'whole days, both included (default this calendar year)' },
  },
  examples: ['caregap compile glycemic-status --stage core', 'caregap compile glycemic-status > glycemic-status.sql'],
  async run(invocation) {
    const [measureId, ...more] = invocation.positionals
    if (measureId === undefined || more.length > 0) throw wrongUse(this, 'one MEASURE is needed')
    const stage = readStage(this, invocation.text('stage'))
    const period = readPeriod(this, invocation.text('period'), invocation.config, systemClock)
    const application = await openApplication(invocation)
    try {
      const { measures, refused, store, valueSets } = application
      const reasons = refused.find(({ id }) => id === measureId)?.diagnostics
      if (reasons !== undefined) throw new CaregapError('input', reasons)
      const measure = measures.find(({ id }) => id === measureId)
      if (measure === undefined)
        throw fault('usage', 'cli/unknown-measure', `There is no measure ${measureId}.`, {
          remedy: `Name one of: ${measures.map(({ id }) => id).join(', ')}.`,
        })
      await deriveTyped(store.session)
      const logic = setLogicOf(measure)
      const data = { tables: slicedTables, valueSets, period }
      const { made } = await planOverHeld(
        store.session,
        (stored) => ({ stored, program: createSetProgram(logic, { ...data, stored }) }),
        ({ program }) => (program.ok ? program.value.reads : []),
      )
      const text = unwrap(showStage(stage, logic, { ...data, stored: made.stored }))
      invocation.print(text, { measure: measureId, stage, text })
      return 0
    } finally {
      await application.close()
    }
  },
}

function readStage(command: Command, name = 'sql'): CompileStage {
  const stage = compileStages.find((known) => known === name)
  if (stage !== undefined) return stage
  throw wrongUse(command, `There is no stage '${name}'; there are ${compileStages.join(', ')}`)
}
