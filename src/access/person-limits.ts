import { everybody, type PersonFilter } from '../store/index.ts'
import type { Principal } from './route.ts'

/** The people a user may see, as a filter for the store's queries: `personPredicate(personFilter(user), 'pid')`. */
export function personFilter(principal: Principal): PersonFilter {
  return principal.practices === undefined ? everybody : { practices: principal.practices }
}

/** True of who may see everybody: to others small counts are not told, for they point at people. */
export const seesEverybody = ({ role, practices }: Principal): boolean =>
  (role === 'admin' || role === 'quality') && practices === undefined
