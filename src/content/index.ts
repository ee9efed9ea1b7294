export { type LoadedContent, loadContent } from './load-content.ts'
export {
  type LoadedMeasures,
  type LoadOptions,
  loadMeasures,
  type RefusedMeasure,
} from './load-measures.ts'
export {
  type DefinePhrase,
  type InstalledMeasure,
  type MeasureGroup,
  type MeasurePopulation,
  type PopulationCode,
  populationCodes,
  type Scoring,
} from './measure.ts'
