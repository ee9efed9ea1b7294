import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { fault, messageOf } from '../../base/index.ts'

const test = z.object({
  id: z.string(),
  name: z.string(),
  suite: z.string(),
  group: z.string(),
  expression: z.string(),
  /** CQL literal; absent where the test must fail. */
  expected: z.string().nullable().default(null),
  /** `false`, or how the test must fail: `true` (when run), `syntax`, `semantic`. */
  invalid: z.string().default('false'),
  /** Only operators that real measures use. */
  core: z.boolean().default(false),
})

/** One test of the CQL test suite. */
export type ConformanceTest = z.infer<typeof test>

/** Reads a file of tests. Fault `compile/suite-invalid` where it is none. */
export function readSuite(file: string): readonly ConformanceTest[] {
  try {
    return z.array(test).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (thrown) {
    throw fault('input', 'compile/suite-invalid', `This is no file of CQL tests: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Give a JSON list of {id, name, suite, group, expression, expected, invalid, core}.',
    })
  }
}
