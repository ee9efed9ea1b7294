export { type AccessRule, type Principal, type RequestScope, type Role, type Route, roles } from './route.ts'
