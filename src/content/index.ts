export {
  type DefinePhrase,
  type InstalledMeasure,
  type MeasureGroup,
  type MeasurePopulation,
  type PopulationCode,
  populationCodes,
  type Scoring,
} from './measure.ts'
