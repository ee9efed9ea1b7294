import type { Route } from '../../access/index.ts'
import { readForm } from '../parts/form.ts'
import { keepTheme, safeReturnPath, themes } from './theme.ts'

/** Keeps the colours that a browser asks for and goes back to where it was. Works without script. */
export const themeRoute: Route = {
  method: 'POST',
  path: '/theme',
  rule: { kind: 'public' },
  handle: async (context) => {
    const form = await readForm(context)
    const theme = themes.find((candidate) => candidate === form['theme'])
    if (theme !== undefined) keepTheme(context, theme)
    return context.redirect(safeReturnPath(form['back']), 303)
  },
}
