export { apiRoutes } from './api-routes.ts'
export { createApp, type RunningServer, type ServerOptions, startServer } from './server.ts'
