import type { Child, PropsWithChildren } from 'hono/jsx'

/** A titled box. `flush`: its content (a table) reaches the edges. */
export const Panel = ({
  id,
  title,
  note,
  flush = false,
  children,
}: PropsWithChildren<{
  readonly id: string
  readonly title: string
  readonly note?: Child
  readonly flush?: boolean
}>) => (
  <section class="panel" aria-labelledby={id}>
    <div class="panel-head">
      <h2 id={id}>{title}</h2>
      {note === undefined ? null : <p>{note}</p>}
    </div>
    {flush ? children : <div class="panel-body">{children}</div>}
  </section>
)
