import { z } from 'zod'
import type { Place } from '../base/index.ts'
import { makeExpansion } from './expansion.ts'
import { checked, type ReadValueSet } from './fhir-value-set.ts'

const line = z.object({
  url: z.string().min(1),
  version: z.string().optional(),
  title: z.string().optional(),
  codes: z.array(z.tuple([z.string(), z.string()])),
})

/** Reads `{url, version, title, codes: [[system, code], ...]}`. An empty or malformed one is no expansion. */
export function readValueSetLine(value: unknown, place: Place): ReadValueSet {
  const parsed = line.safeParse(value)
  if (!parsed.success) {
    const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return {
      diagnostics: [
        {
          code: 'terminology/malformed-value-set',
          severity: 'error',
          message: `This is no value set: ${reason}.`,
          place,
          remedy: 'Write {url, version, title, codes: [[system, code], ...]} or a FHIR ValueSet on each line.',
        },
      ],
    }
  }
  const { url, version, title, codes } = parsed.data
  const name = { url, ...(version === undefined ? {} : { version }), ...(title === undefined ? {} : { title }) }
  const expansion = makeExpansion(
    name,
    codes.map(([system, code]) => ({ system, code })),
  )
  return checked(expansion, place)
}
