export { type LoadedContent, loadContent } from './load-content.ts'
export {
  type LoadedMeasures,
  type LoadOptions,
  loadMeasures,
  type RefusedMeasure,
} from './load-measures.ts'
export {
  type AggregateMethod,
  type DefinePhrase,
  type InstalledMeasure,
  type MeasureGroup,
  type MeasureObservation,
  type MeasurePopulation,
  type MeasureStratifier,
  type ObservedPopulation,
  type PopulationCode,
  populationCodes,
  type Scoring,
} from './measure.ts'
