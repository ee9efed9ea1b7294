import type { Hono } from 'hono'
import type { Route } from '../access/index.ts'
import { answerOutcome } from './fhir-answer.ts'

/**
 * Answers 405 with `Allow` where a path is known and the method is not (RFC 9110, 15.5.6). Call it after the
 * routes themselves are mounted: it takes what they leave.
 */
export function guardMethods(app: Hono, routes: readonly Route[]): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of routes) methods.set(path, (methods.get(path) ?? new Set<string>()).add(method))
  for (const [path, known] of methods) {
    const allow = [...known, ...(known.has('GET') ? ['HEAD'] : [])].sort().join(', ')
    app.all(path, (context) => {
      context.header('Allow', allow)
      return answerOutcome(context, 405, 'not-supported', [
        { code: 'api/method', message: 'This path does not take that method.', remedy: `Use ${allow}.` },
      ])
    })
  }
}
