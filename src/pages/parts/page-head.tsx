import type { Child, PropsWithChildren } from 'hono/jsx'

/** A step on the way to a page. */
export interface Crumb {
  readonly href: string
  readonly label: string
}

/** The head of a page: where it is, its name, one leading sentence, and its facts. */
export const PageHead = ({
  title,
  crumbs = [],
  lead,
  children,
}: PropsWithChildren<{ readonly title: string; readonly crumbs?: readonly Crumb[]; readonly lead?: Child }>) => (
  <div class="page-head">
    {crumbs.length === 0 ? null : (
      <nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          {crumbs.map((crumb) => (
            <li>
              <a href={crumb.href}>{crumb.label}</a>
            </li>
          ))}
        </ol>
      </nav>
    )}
    <h1>{title}</h1>
    {lead === undefined ? null : <p class="lead">{lead}</p>}
    {children}
  </div>
)
