export type { Application, PersonAnswer, RunRequest } from './application.ts'
