import { type Route, roles } from '../../access/index.ts'
import { taggedJson } from '../json-answer.ts'
import { openApiDocument } from './document.ts'

/** `GET /api/openapi.json`: the document of all routes below `/api`, itself among them. */
export function openApiRoutes(routes: readonly Route[], version: string): readonly Route[] {
  const own: Route = {
    method: 'GET',
    path: '/api/openapi.json',
    rule: { kind: 'aggregate', roles },
    handle: (context) => taggedJson(context, openApiDocument([...routes, own], version)),
  }
  return [own]
}
