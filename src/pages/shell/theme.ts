import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

/** `auto` follows the browser's own setting. */
export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const cookieName = 'caregap_theme'

/** The theme that the browser asked for earlier; `auto` where it never did. */
export function readTheme(context: Context): Theme {
  const value = getCookie(context, cookieName)
  return themes.find((theme) => theme === value) ?? 'auto'
}

/** Keeps the theme for a year. It says nothing about anybody, and scripts cannot read it. */
export function keepTheme(context: Context, theme: Theme): void {
  setCookie(context, cookieName, theme, { path: '/', maxAge: 31_536_000, sameSite: 'Lax', httpOnly: true })
}

/** The page to go back to: a path on this server, never another origin; the scorecard where it is neither. */
export function safeReturnPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])[\w\-./?=&%+~:,]*$/.test(value) ? value : '/'
}
