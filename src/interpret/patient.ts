import type { PatientObject, RecordObject, RetrieveDetails } from 'cql-execution'
import { fault, KeptWith } from '../base/index.ts'
import { matchesProfile, type PersonRecord, type ProfileMatching, type Resource } from '../fhir/index.ts'
import { FhirNode, NodeReader, type NodeShapes } from './fhir-node.ts'
import { SystemValues } from './system-value.ts'

const patients = new KeptWith<PersonRecord, Map<string, RecordPatient>>()

/**
 * The patient of a record, the same for every measure that looks at it: what one has read the next need not read
 * again. It only reads, and it goes when the record goes. `zoneOffset`: hours east of UTC of the evaluation; `profiles`:
 * how retrieves by profile find resources.
 */
export function patientOf(
  record: PersonRecord,
  shapes: NodeShapes,
  zoneOffset: number,
  profiles: ProfileMatching,
): RecordPatient {
  const known = patients.of(record, () => new Map<string, RecordPatient>())
  const key = `${zoneOffset} ${profiles}`
  const patient = known.get(key) ?? new RecordPatient(shapes, zoneOffset, record, profiles)
  known.set(key, patient)
  return patient
}

/** One person's record as cql-execution reads it. */
class RecordPatient implements PatientObject {
  readonly #reader: NodeReader
  readonly #shapes: NodeShapes
  readonly #record: PersonRecord
  readonly #profiles: ProfileMatching
  readonly #nodes = new Map<string, readonly FhirNode[]>()

  /** `zoneOffset`: hours east of UTC for times that are written without an offset. */
  constructor(shapes: NodeShapes, zoneOffset: number, record: PersonRecord, profiles: ProfileMatching) {
    this.#shapes = shapes
    this.#reader = new NodeReader(shapes, new SystemValues(zoneOffset))
    this.#record = record
    this.#profiles = profiles
  }

  /** Resources of the retrieve's type and profile, in the record's order; cql-execution applies codes and dates itself. */
  findRecords(profile: string | null, details?: RetrieveDetails): RecordObject[] {
    const name = details?.datatype ?? profile ?? ''
    const type = this.#shapes.classes.find(name)
    if (type === undefined || !type.isResource) {
      throw fault(
        'input',
        'interpret/unknown-retrieve',
        `A retrieve wants ${name}, which the FHIR model does not have.`,
      )
    }
    return [...this.#found(type.name, type.name === 'Patient' ? '' : (details?.templateId ?? ''))]
  }

  #found(type: string, profile: string): readonly FhirNode[] {
    const key = `${type} ${profile}`
    let nodes = this.#nodes.get(key)
    if (nodes === undefined) {
      nodes =
        profile === ''
          ? this.#resources(type).map((resource) => this.#reader.node(type, resource))
          : this.#found(type, '').filter((node) =>
              matchesProfile(FhirNode.jsonOf(node) as Resource, profile, this.#profiles),
            )
      this.#nodes.set(key, nodes)
    }
    return nodes
  }

  #resources(type: string): readonly Resource[] {
    if (type === 'Patient') return [this.#record.patient]
    return this.#record.entries.filter((entry) => entry.type === type).map((entry) => entry.resource)
  }

  get(path: string): unknown {
    return this.#self.get(path)
  }

  getId(): unknown {
    return this.#self.getId()
  }

  getCode(path: string): unknown {
    return this.#self.getCode(path)
  }

  getDate(path: string): unknown {
    return this.#self.getDate(path)
  }

  getDateOrInterval(path: string): unknown {
    return this.#self.getDateOrInterval(path)
  }

  get #self(): FhirNode {
    return this.#reader.node('Patient', this.#record.patient)
  }
}
