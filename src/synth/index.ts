export { type GenerateOptions, generateExport } from './generate.ts'
export { publishedPrevalence, publishedRates } from './published-rates.ts'
