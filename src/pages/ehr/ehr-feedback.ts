import type { AccessRule, Route } from '../../access/index.ts'
import { unwrap } from '../../base/index.ts'
import { readFeedback } from '../../cards/index.ts'
import { type Application, cdsDeskOf } from '../../jobs/index.ts'
import { readForm } from '../parts/form.ts'
import { safeReturnPath } from '../shell/theme.ts'
import { ehrSite } from './ehr-call.ts'

/** What was done with a card on the page that plays the EHR: sent as feedback, as an EHR sends it, and back again. */
export function ehrFeedbackRoute(application: Application, rule: AccessRule): Route {
  return {
    method: 'POST',
    path: '/demo/ehr/feedback',
    rule,
    handle: async (context, scope) => {
      scope.read({ pids: [] })
      const form = await readForm(context)
      const desk = cdsDeskOf(application)
      const service = desk.services.find(({ id }) => id === form['service'])
      const body = { feedback: [entryOf(form, application.clock.now().toISOString())] }
      if (service !== undefined) await desk.memory.learn(service, unwrap(readFeedback(body)), ehrSite)
      const said = typeof form['suggestion'] === 'string' ? 'accepted' : 'set-aside'
      const back = new URL(safeReturnPath(form['back']), 'http://localhost')
      back.searchParams.set('said', said)
      return context.redirect(`${back.pathname}${back.search}`, 303)
    },
  }
}

function entryOf(form: Readonly<Record<string, unknown>>, outcomeTimestamp: string): unknown {
  const common = { card: form['card'], outcomeTimestamp }
  if (typeof form['suggestion'] === 'string')
    return { ...common, outcome: 'accepted', acceptedSuggestions: [{ id: form['suggestion'] }] }
  return { ...common, outcome: 'overridden', overrideReason: { reason: { code: form['reason'] } } }
}
