import type { Child } from 'hono/jsx'
import { Notice } from './notice.tsx'

/** In the place of what the last run does not have of a measure; `children` say what that means here. */
export function NoResult({ measureId, children }: { readonly measureId: string; readonly children: Child }) {
  return (
    <Notice title="No result for this measure">
      <p>{children}</p>
      <p class="actions">
        <a class="button" href={`/measures/${encodeURIComponent(measureId)}`}>
          See why
        </a>
      </p>
    </Notice>
  )
}
