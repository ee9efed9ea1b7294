import type { Code } from '../codes/code.ts'
import type { Random } from '../random.ts'
import type { Source } from '../sources.ts'
import { localStamp, utcStamp } from '../zone.ts'

/** A FHIR resource as it will be written: plain JSON. */
export type Json = Record<string, unknown>

/** Whose record facts are written into, and how that record writes. */
export interface Pen {
  readonly source: Source
  readonly random: Random
  readonly patientId: string
  readonly person: string
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
export function coding(pen: Pen, code: Code): Json {
  const system = pen.aliased ? (pen.source.aliases[code.system] ?? code.system) : code.system
  return { system, code: code.code, display: code.display }
}

export function codeable(pen: Pen, ...codes: readonly Code[]): Json {
  return { coding: codes.map((code) => coding(pen, code)), text: codes[0]?.display }
}

/** A concept of HL7's own code systems, which no source misspells. */
export const hl7 = (system: string, code: string, display: string): Json => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code, display }],
})
