import type { Problem, ProblemRenderer } from '../../access/index.ts'
import type { Diagnostic } from '../../base/index.ts'
import { DiagnosticList } from '../parts/diagnostics.tsx'
import { Notice } from '../parts/notice.tsx'
import { loadStylesheet } from '../shell/stylesheet.ts'
import { type PageView, renderPage } from '../site.tsx'

/** The page for something that is not there: which thing, and the ways on. */
export const notFoundView = (sentence: string): PageView => ({
  title: 'Not found',
  status: 404,
  content: (
    <Notice title="There is no such page" level={1}>
      <p>{sentence}</p>
      <Ways />
    </Notice>
  ),
})

/** The page for a query that says something no page understands: what, and the way back. */
export const badRequestView = (sentence: string, back: string): PageView =>
  refusal('Not understood', 'This address asks for something the page does not know', sentence, back)

/** The page for a form that cannot be taken as it was sent: which field, and the way back to it. */
export const refusedFormView = (sentence: string, back: string): PageView =>
  refusal('Not taken', 'The form was not taken, and nothing was changed', sentence, back)

const refusal = (title: string, heading: string, sentence: string, back: string): PageView => ({
  title,
  status: 400,
  content: (
    <Notice title={heading} fault level={1}>
      <p>{sentence}</p>
      <p class="actions">
        <a class="button" href={back}>
          Back to the page
        </a>
      </p>
    </Notice>
  ),
})

const Ways = () => (
  <p class="actions">
    <a class="button button-primary" href="/">
      Scorecard
    </a>
    <a class="button" href="/runs">
      Runs
    </a>
    <a class="button" href="/quality">
      Data quality
    </a>
  </p>
)

const advice: Readonly<Record<Problem['status'], string>> = {
  400: 'Check the address or the form; what is wrong with it stands below.',
  401: 'Your browser asks for user and password when you load the page again.',
  403: 'Your role, or the practices that you work for, do not include it. Whoever keeps the users file can change that.',
  404: 'The address may be old, or of another server.',
  421: 'Open the server under the name that it was started with.',
  426: 'Open it by https. Behind a proxy that ends TLS, its address must be among server.trustedProxies.',
  422: 'What is wrong with it stands below.',
  500: 'Nothing was changed. Whoever runs the server finds the reason in its log under the number below.',
  503: 'The database is busy or cannot be reached. Wait a minute and load the page again.',
}

/** What a page says of what is not there, and what programs are told otherwise. */
const titleOf = ({ status, message }: Problem): string => (status === 404 ? 'There is no such page' : message)

/** A refusal or a failure as a page, in the frame of all others. */
export const renderProblemPage: ProblemRenderer = (context, problem) => {
  const view: PageView = {
    title: titleOf(problem).replace(/\.$/, ''),
    status: problem.status,
    content: <ProblemNotice problem={problem} />,
  }
  return renderPage(context, loadStylesheet(), view)
}

const ProblemNotice = ({ problem }: { readonly problem: Problem }) => (
  <Notice title={titleOf(problem)} fault={problem.status !== 404} level={1}>
    <p>{advice[problem.status]}</p>
    {problem.diagnostics.length === 0 ? null : <DiagnosticList diagnostics={problem.diagnostics.map(publicPart)} />}
    <p class="small soft">
      Request <code>{problem.requestId}</code>
    </p>
    <Ways />
  </Notice>
)

/** Files and SQL of this machine are no business of a reader. */
const publicPart = ({ code, message, severity, remedy }: Diagnostic): Diagnostic => ({
  code,
  message,
  severity,
  ...(remedy === undefined ? {} : { remedy }),
})
