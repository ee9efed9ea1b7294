import { isLoopbackHost } from '../access/index.ts'

/** True for an address of this machine itself. */
export const isLoopback = (url: URL): boolean => isLoopbackHost(url.hostname)

/** A base address in the one form that addresses are compared in: without query, with one slash at its end. */
export function baseAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return undefined
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/`
}
