import type { Context } from 'hono'
import { countOf } from './format.ts'

/** The same page as it may be published. */
export function releaseHref(context: Context): string {
  const url = new URL(context.req.url)
  url.searchParams.set('purpose', 'release')
  return `${url.pathname}${url.search}`
}

/** What was hidden and why; to those who see everything, that it is not for release. */
export const SafetyNote = ({
  isSafe,
  hidden,
  href,
}: {
  readonly isSafe: boolean
  readonly hidden: number
  readonly href: string
}) =>
  isSafe ? (
    hidden === 0 ? null : (
      <p class="panel-note">
        {countOf(hidden, 'row')} with counts from 1 to 10, or that would tell them, {hidden === 1 ? 'is' : 'are'}{' '}
        hidden: small counts point at people.
      </p>
    )
  ) : (
    <p class="panel-note">
      <span class="tag">Not for release</span> Exact counts, small ones too.{' '}
      <a href={href}>Show what may be published</a>
    </p>
  )
