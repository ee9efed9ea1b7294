export type { Application } from './application.ts'
export { type ApplicationOptions, createApplication } from './create-application.ts'
export { type LoadedData, loadData } from './load-data.ts'
