import { createHash } from 'node:crypto'
import type { Principal } from './route.ts'
import type { User, UserDirectory } from './user.ts'

/** Nobody in particular, for public routes: no role that opens a page of people, and no practice. */
export const anonymous: Principal = { userId: 'anonymous', role: 'analyst', practices: [] }

/**
 * Who makes the request, by its `Authorization` header: `Bearer <token>`, or `Basic` with user id and the
 * token as password (what a browser's own login box sends). Undefined where nobody known does.
 */
export function authenticate(authorization: string | undefined, directory: UserDirectory): Principal | undefined {
  if (!directory.login) return directory.local
  const [scheme, value] = /^(\S+) +(\S+)$/.exec(authorization ?? '')?.slice(1) ?? []
  if (scheme === undefined || value === undefined) return undefined
  if (/^bearer$/i.test(scheme)) return principalOf(findByToken(directory.users, value))
  return /^basic$/i.test(scheme) ? authenticateBasic(value, directory.users) : undefined
}

function authenticateBasic(value: string, users: readonly User[]): Principal | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const user = colon < 0 ? undefined : findByToken(users, text.slice(colon + 1))
  return user?.id === text.slice(0, colon) ? principalOf(user) : undefined
}

/** Tokens are compared by hash: the time that takes tells nothing of a token. */
function findByToken(users: readonly User[], token: string): User | undefined {
  const hash = createHash('sha256').update(token, 'utf8').digest('hex')
  return users.find((user) => user.tokenSha256 === hash)
}

function principalOf(user: User | undefined): Principal | undefined {
  if (user === undefined) return undefined
  const limits = user.practices === undefined ? {} : { practices: user.practices }
  return { userId: user.id, role: user.role, ...limits }
}
