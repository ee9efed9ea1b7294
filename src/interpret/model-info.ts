import { FHIRWrapper } from 'cql-exec-fhir'

/** A type as the model info writes it: exactly one of the flags is set. */
export interface TypeSpecifier {
  readonly isNamed?: true
  readonly isList?: true
  readonly isChoice?: true
  readonly name: string
  readonly namespace?: string
  readonly fqn: string
  readonly elementType: TypeSpecifier
  readonly choices: readonly TypeSpecifier[]
}

export interface ClassElement {
  readonly name: string
  readonly typeSpecifier: TypeSpecifier
}

/** A class of the model info of cql-exec-fhir, with its own elements only. */
export interface ClassInfo {
  readonly namespace: string
  readonly name: string
  readonly elements: readonly ClassElement[]
  readonly modelInfo: ModelInfo
  parentClasses(): readonly ClassInfo[]
}

export interface ModelInfo {
  readonly name: string
  readonly version: string
  readonly url: string
  findClass(name: string): ClassInfo | undefined
}

let shared: ModelInfo | undefined

/**
 * The FHIR 4.0.1 model info of cql-exec-fhir, parsed once in a thread: parsing its XML takes 0.1-0.6 s, and each
 * `PatientSource` would do it again. It is read and never changed, so sharing it is safe.
 */
export function fhirModelInfo(): ModelInfo {
  shared ??= (FHIRWrapper.FHIRv401().wrap({ resourceType: 'Patient' }).getTypeInfo() as ClassInfo).modelInfo
  return shared
}
