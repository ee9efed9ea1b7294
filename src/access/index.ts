export { type AccessControl, decideDirectory, openAccess } from './access-control.ts'
export { auditCommand } from './audit-command.ts'
export { allowFraming } from './headers.ts'
export { isLoopbackHost } from './loopback.ts'
export { mountRoutes } from './mount-routes.ts'
export { personFilter, seesEverybody } from './person-limits.ts'
export { type Problem, type ProblemRenderer, renderProblemAsJson } from './problem.ts'
export { readBytes } from './read-bytes.ts'
export {
  type AccessRule,
  type Identified,
  type LaunchedBy,
  type Principal,
  type RequestScope,
  type Role,
  type Route,
  roles,
} from './route.ts'
export { addressOf, readTlsKeys } from './transport.ts'
export { loadUsers, localDirectory, type UserDirectory } from './user.ts'
