import { z } from 'zod'
import type { Route } from '../../access/index.ts'
import { fault } from '../../base/index.ts'
import { isDocumented } from './document.ts'
import { routeDocs } from './route-docs.ts'

/**
 * The same route, refusing a parameter that the document does not tell of, or that stands twice and is no list: taken in silence,
 * either would be another answer than the one that was asked for.
 */
export function refuseUnknownQueries(route: Route): Route {
  if (route.method !== 'GET' || !isDocumented(route)) return route
  const known = parametersOf(routeDocs[`${route.method} ${route.path}`]?.query)
  return {
    ...route,
    handle: (context, scope) => {
      for (const [name, values] of Object.entries(context.req.queries())) {
        const kind = known.get(name)
        if (kind === undefined) throw refusal(name, 'is not known here')
        if (values.length > 1 && kind !== 'list') throw refusal(name, 'stands there twice')
      }
      return route.handle(context, scope)
    },
  }
}

const refusal = (name: string, what: string) =>
  fault('usage', 'api/invalid-query', `The parameter ${name.slice(0, 100)}: ${what}.`, { place: { element: name } })

function parametersOf(query: z.ZodType | undefined): ReadonlyMap<string, 'list' | 'one'> {
  if (query === undefined) return new Map()
  const { properties = {} } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>
  }
  return new Map(Object.entries(properties).map(([name, { type }]) => [name, type === 'array' ? 'list' : 'one']))
}
