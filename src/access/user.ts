import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { CaregapError, type Diagnostic, fault, messageOf } from '../base/index.ts'
import { type Principal, roles } from './route.ts'

const user = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'letters, digits, dot, hyphen, underscore and @'),
  name: z.string().min(1),
  role: z.enum(roles),
  /** TINs of the practices whose people the user may see; absent for all of them. */
  practices: z.array(z.string().regex(/^\d{9}$/, 'a TIN of nine digits')).optional(),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the token as 64 lower-case hex digits'),
})

const usersFile = z.strictObject({ users: z.array(user).min(1, 'at least one user') })

export type User = z.infer<typeof user>

/** Who may log in. Where `login` is false the one local user needs no token: only ever on loopback. */
export type UserDirectory =
  | { readonly login: true; readonly users: readonly User[] }
  | { readonly login: false; readonly local: Principal }

/** The directory where no users file is configured: whoever sits at this machine is the administrator. */
export const localDirectory: Extract<UserDirectory, { login: false }> = {
  login: false,
  local: { userId: 'local', role: 'admin' },
}

/** Reads a users file (docs/access.md). Fault `access/users-invalid` names every wrong entry by its place. */
export function loadUsers(file: string): UserDirectory {
  const parsed = usersFile.safeParse(readJson(file))
  const findings = parsed.success
    ? [...duplicates(parsed.data.users, 'id'), ...duplicates(parsed.data.users, 'tokenSha256')]
    : parsed.error.issues.map((issue) => ({ element: issue.path.join('.') || '(root)', message: issue.message }))
  if (!parsed.success || findings.length > 0)
    throw new CaregapError(
      'input',
      findings.map((one) => wrong(file, one)),
    )
  return { login: true, users: parsed.data.users }
}

interface Finding {
  readonly element: string
  readonly message: string
}

function duplicates(users: readonly User[], key: 'id' | 'tokenSha256'): Finding[] {
  return users.flatMap((one, index) =>
    users.findIndex((other) => other[key] === one[key]) < index
      ? [{ element: `users.${index}.${key}`, message: 'the same value stands at an earlier user' }]
      : [],
  )
}

function wrong(file: string, { element, message }: Finding): Diagnostic {
  return {
    code: 'access/users-invalid',
    severity: 'error',
    message: `The users file is not valid: ${message}.`,
    place: { file, element },
    remedy: 'Correct the entry; docs/access.md shows the form.',
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (thrown) {
    throw fault('input', 'access/users-unreadable', `The users file cannot be read: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Name an existing JSON file under `users` in the configuration.',
    })
  }
}
