import { personFilter } from '../../access/index.ts'
import { clinicalDate, codeDisplay, valueText } from '../../gaps/index.ts'
import { type PersonResource, readPersonHeader, readPersonResource } from '../../store/index.ts'
import { formatCount, formatDay, formatInstant, shortHash, shortPath } from '../parts/format.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { nameOf } from '../people/people-table.tsx'
import { notFoundView } from '../problem/problem-page.tsx'
import type { PageRequest, PageView } from '../site.tsx'
import { parseRaw } from './facts.ts'
import { parsePid } from './person-data.ts'

/** One resource of a person, as its source sent it, with the place it came from. */
export async function resourcePage(request: PageRequest): Promise<PageView> {
  const { session, scope, context, site } = request
  const pid = parsePid(context.req.param('pid'))
  const rid = context.req.param('rid') ?? ''
  const today = site.application.clock.now().toISOString().slice(0, 10)
  const visible = personFilter(scope.principal)
  const header = pid === undefined ? undefined : await readPersonHeader(session, pid, today, visible)
  const resource =
    header === undefined || !/^-?\d{1,19}$/.test(rid) ? undefined : await readPersonResource(session, header.pid, rid)
  if (header === undefined || resource === undefined) {
    return notFoundView('This person has no such resource, or is not one of those you may see.')
  }
  scope.read({ pids: [header.pid] })
  const title = `${resource.type}/${resource.id}`
  const crumbs = [
    { href: '/', label: 'Scorecard' },
    { href: `/people/${header.pid}`, label: nameOf(header) },
  ]
  const content = (
    <>
      <PageHead title={title} crumbs={crumbs} />
      <div class="stack">
        <Provenance resource={resource} />
        <Panel
          id="raw"
          title="As received"
          note="One line of the source’s export, laid out for reading; nothing is added or left out."
        >
          <pre class="code" tabindex={0} role="region" aria-label="JSON of the resource">
            <code>{layOut(resource.raw)}</code>
          </pre>
        </Panel>
      </div>
    </>
  )
  return { title, section: 'scorecard', content }
}

/** JSON over several lines; text that is no JSON stays as it is. Numbers keep their digits as the source wrote them. */
export function layOut(raw: string): string {
  const parsed = parseRaw(raw)
  if (parsed === undefined) return raw
  const laidOut = JSON.stringify(parsed, null, 2)
  return JSON.stringify(parsed) === raw.trim() ? laidOut : indentJson(raw)
}

/** Indents JSON text without reading its numbers, so that 7.10 stays 7.10. */
function indentJson(raw: string): string {
  let depth = 0
  const breakLine = () => `\n${'  '.repeat(depth)}`
  return raw.trim().replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|\s+/g, (token) => {
    if (/^\s/.test(token)) return ''
    if (token === '{' || token === '[') {
      depth += 1
      return token + breakLine()
    }
    if (token === '}' || token === ']') {
      depth -= 1
      return breakLine() + token
    }
    return token === ',' ? token + breakLine() : token === ':' ? ': ' : token
  })
}

const Provenance = ({ resource }: { readonly resource: PersonResource }) => {
  const parsed = parseRaw(resource.raw)
  const day = parsed === undefined ? undefined : clinicalDate(parsed)
  const value = parsed === undefined ? undefined : valueText(parsed)
  return (
    <Panel id="provenance" title={parsed === undefined ? resource.type : codeDisplay(parsed)}>
      <dl class="stamp">
        {day === undefined ? null : <Entry label="When" text={formatDay(day)} />}
        {value === undefined ? null : <Entry label="Value" text={value} />}
        <Entry label="Source" text={resource.source} />
        <Entry label="File" text={resource.file === null ? 'not kept' : shortPath(resource.file)} />
        <Entry label="Line" text={formatCount(resource.line)} />
        {resource.versionId === null ? null : <Entry label="Version" text={resource.versionId} />}
        {resource.lastUpdated === null ? null : (
          <Entry label="Last updated" text={formatInstant(resource.lastUpdated)} />
        )}
        <Entry label="Content hash" text={shortHash(resource.hash)} />
      </dl>
    </Panel>
  )
}

const Entry = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </>
)
