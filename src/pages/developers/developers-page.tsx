import { Notice } from '../parts/notice.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'
import type { PageView } from '../site.tsx'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly format?: string
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Schema
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The API as its OpenAPI document tells it: each call with what it takes and who may make it. */
export function developersPage(document: unknown): PageView {
  const { paths } = (document ?? { paths: {} }) as ApiDocument
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  return {
    title: 'API',
    section: 'about',
    content: (
      <>
        <PageHead
          title="API"
          crumbs={[{ href: '/about', label: 'About' }]}
          lead="What programs read and do, under the same access rules as these pages."
        >
          <p class="row">
            <a class="button" href="/api/openapi.json">
              OpenAPI document
            </a>
            <a class="button" href="/fhir/metadata">
              FHIR CapabilityStatement
            </a>
            <a class="button" href="/cds-services">
              CDS Hooks discovery
            </a>
          </p>
        </PageHead>
        {calls.length === 0 ? (
          <Notice title="No API here">
            <p>This server answers with pages alone.</p>
          </Notice>
        ) : (
          <div class="stack">
            {calls.map((call) => (
              <CallPanel {...call} />
            ))}
          </div>
        )}
      </>
    ),
  }
}

const CallPanel = (call: { readonly path: string; readonly method: string; readonly operation: Operation }) => {
  const { operation, method, path } = call
  const types = Object.keys(operation.responses['200']?.content ?? {})
  return (
    <Panel id={operation.operationId} title={operation.summary} note={operation.description}>
      <div class="stack-tight">
        <p>
          <span class="tag">{method}</span> <code>{path}</code> <span class="soft small">{types.join(', ')}</span>
        </p>
        {operation.parameters.length === 0 ? null : (
          <details>
            <summary>Parameters ({operation.parameters.length})</summary>
            <DataTable
              label={`Parameters of ${method} ${path}`}
              narrow="cards"
              rows={operation.parameters}
              columns={[
                { label: 'Name', heading: true, cell: ({ name }) => <code>{name}</code> },
                { label: 'In', cell: (one) => `${one.in}${one.required ? ', required' : ''}` },
                { label: 'Takes', width: 'half', cell: ({ schema }) => takes(schema) },
              ]}
            />
          </details>
        )}
        {operation.requestBody === undefined ? null : (
          <details>
            <summary>Body</summary>
            <pre class="code" tabindex={0} role="region" aria-label={`Body of ${method} ${path}`}>
              <code>{JSON.stringify(operation.requestBody.content['application/json']?.schema, null, 2)}</code>
            </pre>
          </details>
        )}
      </div>
    </Panel>
  )
}

function takes(schema: Schema): string {
  const parts = [
    schema.enum === undefined ? schema.type : schema.enum.map(String).join(' | '),
    schema.format,
    schema.minimum === undefined ? undefined : `from ${schema.minimum}`,
    schema.maximum === undefined || schema.maximum > 2 ** 31 ? undefined : `to ${schema.maximum}`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ]
  return parts.filter((part) => part !== undefined).join(', ') || 'text'
}
