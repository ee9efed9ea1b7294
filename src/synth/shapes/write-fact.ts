import type { Fact } from '../fact.ts'
import { writeAct, writeDiagnosis, writeOrder, writePrescription, writeVisit } from './clinical.ts'
import { writeObserved } from './observation.ts'
import { writeBooking, writeIntolerance, writeReport, writeVaccination } from './preventive.ts'
import type { Json, Pen } from './written.ts'

/** The resource of a fact whose id is set, in the source of the pen. */
export function writeFact(pen: Pen, fact: Fact): Json {
  switch (fact.type) {
    case 'visit':
      return writeVisit(pen, fact)
    case 'diagnosis':
      return writeDiagnosis(pen, fact)
    case 'observed':
      return writeObserved(pen, fact)
    case 'act':
      return writeAct(pen, fact)
    case 'prescription':
      return writePrescription(pen, fact)
    case 'order':
      return writeOrder(pen, fact)
    case 'vaccination':
      return writeVaccination(pen, fact)
    case 'intolerance':
      return writeIntolerance(pen, fact)
    case 'report':
      return writeReport(pen, fact)
    case 'booking':
      return writeBooking(pen, fact)
  }
}
