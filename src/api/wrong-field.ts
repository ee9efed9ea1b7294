import type { z } from 'zod'

/** Which field or parameter an input is refused for, and what is wrong with it; never its value. `name` is empty of the whole. */
export function wrongField(issue: z.core.$ZodIssue | undefined): { readonly name: string; readonly what: string } {
  if (issue?.code === 'unrecognized_keys') return { name: issue.keys.join(', '), what: 'is not known here' }
  return { name: issue?.path.map(String).join('.') ?? '', what: issue?.message ?? 'is not valid' }
}
