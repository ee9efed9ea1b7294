export { type Generated, type GenerateOptions, generateExport } from './generate.ts'
export { type AgeBand, publishedPrevalence, publishedRates } from './published-rates.ts'
