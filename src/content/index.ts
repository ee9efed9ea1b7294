export {
  type ComponentReference,
  type CompositeGroup,
  type CompositeKind,
  type CompositeMeasure,
} from './composite-measure.ts'
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
export { type AddedPackage, addPackage } from './package/add-package.ts'
export { checkCodes, type UsedCodes, wholeCodeSystems } from './package/check-codes.ts'
export { packagedConceptMaps } from './package/concept-maps.ts'
export type { Dependency } from './package/dependencies.ts'
export {
  listPackages,
  type PackageDetail,
  type PackageSummary,
  removePackage,
  showPackage,
  verifyPackage,
} from './package/manage-packages.ts'
export { checkManifest } from './package/manifest-agreement.ts'
export type { PackageContext } from './package/package-context.ts'
export type { PackagedPlan } from './package/packaged-plans.ts'
export { type SupplementalDatum, supplementalDataOf } from './supplemental-data.ts'
export { withParameters } from './with-parameters.ts'
