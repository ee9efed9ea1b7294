export { apiDocument, apiRoutes } from './api-routes.ts'
export type { CommandCall, CommandEvent, CommandHost } from './command-routes.ts'
export { createApp, type RunningServer, type ServerOptions, startServer } from './server.ts'
