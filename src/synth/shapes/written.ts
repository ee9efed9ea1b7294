import type { Code } from '../codes/code.ts'
import type { Source } from '../sources.ts'
import { localStamp, utcStamp } from '../zone.ts'

/** A FHIR resource as it will be written: plain JSON. */
export type Json = Record<string, unknown>

/** Whose record facts are written into, and how that record writes. */
export interface Pen {
  readonly source: Source
  readonly patientId: string
  readonly patient: Json
  /** Practitioner, practice and place that care for the person in this source. */
  readonly practitioner: Json
  readonly organization: Json
  readonly location: Json
  /** Set while a resource is written whose codings bear another URI of their system. */
  aliased: boolean
}

/** A moment as the source writes it. */
export const stamp = (pen: Pen, day: number, minute: number): string =>
  pen.source.utc ? utcStamp(pen.source.zone, day, minute) : localStamp(pen.source.zone, day, minute)

/** One coding, under the source's other URI of the system where the pen is set so. */
function coding(pen: Pen, code: Code): Json {
  const system = pen.aliased ? (pen.source.aliases[code.system] ?? code.system) : code.system
  return { system, code: code.code, display: code.display }
}

const usualConcepts = new Map<Code, Json>()

/** A code as a concept. Usual ones are made once and shared: nobody changes a written resource. */
export function codeable(pen: Pen, code: Code): Json {
  if (pen.aliased) return { coding: [coding(pen, code)], text: code.display }
  let concept = usualConcepts.get(code)
  if (concept === undefined) {
    concept = { coding: [coding(pen, code)], text: code.display }
    usualConcepts.set(code, concept)
  }
  return concept
}

const hl7Concepts = new Map<string, Json>()

/** A concept of HL7's own code systems, which no source misspells. */
export function hl7(system: string, code: string, display: string): Json {
  const key = `${system} ${code}`
  let concept = hl7Concepts.get(key)
  if (concept === undefined) {
    concept = { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code, display }] }
    hl7Concepts.set(key, concept)
  }
  return concept
}
