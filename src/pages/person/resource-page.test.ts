import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut } from './resource-page.tsx'

test('numbers keep the digits that the source wrote', () => {
  expect(layOut('{"resourceType":"Observation","valueQuantity":{"value":7.10}}')).toContain('"value": 7.10')
})

test('text that is no resource stays as it is', () => {
  expect(layOut('{"resourceType": ')).toBe('{"resourceType": ')
})

test('what is laid out is still the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const resource = { resourceType: 'Basic', value }
      const raw = JSON.stringify(resource).replace('"Basic"', '"Basic" ')
      expect(JSON.parse(layOut(raw))).toEqual(JSON.parse(raw))
    }),
  )
})
