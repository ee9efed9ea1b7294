export type { Application, PersonAnswer, RunRequest } from './application.ts'
export { type ApplicationOptions, createApplication } from './create-application.ts'
export { type LoadedData, type LoadRequest, loadData } from './load-data.ts'
