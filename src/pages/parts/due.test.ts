import { html } from 'hono/html'
import { expect, test } from 'vitest'
import { Due } from './due.tsx'

test.each([
  ['2026-12-06', 'due <time datetime="2026-12-06">Dec 6, 2026</time>'],
  ['2026-11-28', 'overdue since <time datetime="2026-11-28">Nov 28, 2026</time>'],
  ['2023-01-08', 'overdue since <time datetime="2023-01">Jan 2023</time>'],
  ['1945-04-25', 'overdue for more than 10 years'],
])('%s is said as %s', async (date, text) => {
  expect(String(await html`${Due({ date, asOf: '2026-11-29' })}`)).toBe(text)
})

test('what is done says when it is due again, though that day has passed', async () => {
  const text = await html`${Due({ date: '2026-07-03', asOf: '2026-11-29', isDone: true })}`
  expect(String(text)).toBe('next due <time datetime="2026-07-03">Jul 3, 2026</time>')
})
