export { recordFromResources } from './prefetch-record.ts'
