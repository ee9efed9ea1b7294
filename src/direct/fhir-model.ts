import { fhirModelInfo, type ModelInfo, type ProfileMatching } from '../fhir/index.ts'
import type { ModelAccess } from './compile.ts'
import { createFhirReader } from './fhir-values.ts'
import type { ReadInstance } from './path.ts'
import { retrieveClosure } from './retrieve.ts'

/** FHIR R4 over plain JSON, as its model info describes it: elements, choices, primitives and their extensions. */
export function fhirModel(profiles: ProfileMatching, model: ModelInfo = fhirModelInfo()): ModelAccess {
  const reader = createFhirReader(model)
  const readInstance: ReadInstance = (instance, name, session) => reader.read(instance, name, session.env.now.offset)
  return {
    readInstance,
    isSubclass: (type, base) => reader.isSubclass(type, base),
    retrieve: (node, codes) => retrieveClosure(node, codes, readInstance, profiles),
  }
}
