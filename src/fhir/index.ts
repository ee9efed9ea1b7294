export { foldSystem } from './code-systems.ts'
export { patientCompartment } from './patient-compartment.ts'
export type { PersonRecord, RecordEntry } from './person-record.ts'
export { type CodeableConcept, type Coding, isObject, isResource, type Reference, type Resource } from './resource.ts'
