import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import { createInterpreter } from '../../src/interpret/index.ts'

const valueSets = { find: () => undefined, all: [] }
const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }
const record = { pid: 1, patient: { resourceType: 'Patient', id: 'p1' }, entries: [] }

test('a Message of severity Error is a fault of the define; a warning is not', async () => {
  const text = `library Stated version '1'
define Stops: Message(1, true, 'Tried.stop', 'Error', 'private text') + 1
define Goes: Message(1, true, 'Tried.go', 'Warning', 'text') + 1
define Untold: Message(1, false, 'Tried.stop', 'Error', 'text') + 1`
  const closure = unwrap(await translate({ name: 'Stated', sources: [cqlSource(text)] }))
  const interpreter = unwrap(createInterpreter({ closure, defines: ['Stops', 'Goes', 'Untold'], valueSets, period }))
  const { defines } = await interpreter.evaluate(record)
  expect(defines.get('Stops')).toMatchObject({
    letter: 'e',
    fault: { code: 'interpret/stated-error', place: { define: 'Stops', line: 2 } },
  })
  expect(defines.get('Stops')?.fault?.message).toContain('Tried.stop')
  expect(defines.get('Stops')?.fault?.message).not.toContain('private')
  expect(defines.get('Goes')?.value).toBe(2)
  expect(defines.get('Untold')?.value).toBe(2)
})
