import type { PropsWithChildren } from 'hono/jsx'

/** A panel that says what is, why, and what to do: for what is empty, missing or wrong. */
export const Notice = ({
  title,
  fault = false,
  level = 2,
  children,
}: PropsWithChildren<{ readonly title: string; readonly fault?: boolean; readonly level?: 1 | 2 }>) => (
  <div class={fault ? 'notice notice-fault' : 'notice'}>
    {level === 1 ? <h1>{title}</h1> : <h2>{title}</h2>}
    {children}
  </div>
)

/** A command to type, in a line of its own. */
export const Command = ({ text }: { readonly text: string }) => (
  <pre tabindex={0} aria-label="Command">
    <code>{text}</code>
  </pre>
)
