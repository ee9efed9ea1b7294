import { fhirModelInfo, type ProfileMatching } from '../fhir/index.ts'
import type { ModelAccess } from './compile.ts'
import { createFhirReader, type FhirReader } from './fhir-values.ts'
import type { ReaderOf } from './path.ts'
import { retrieveClosure } from './retrieve.ts'

let shared: FhirReader | undefined

/** FHIR R4 over plain JSON, as its model info describes it: elements, choices, primitives and their extensions. */
export function fhirModel(profiles: ProfileMatching): ModelAccess {
  // One reader for all: what it keeps with an instance it alone understands.
  const reader = (shared ??= createFhirReader(fhirModelInfo()))
  const readerOf: ReaderOf = (name) => {
    const read = reader.readerOf(name)
    return (instance, session) => read(instance, session.env.now.offset)
  }
  return {
    readerOf,
    isSubclass: (type, base) => reader.isSubclass(type, base),
    retrieve: (node, codes) => retrieveClosure(node, codes, readerOf, profiles),
  }
}
