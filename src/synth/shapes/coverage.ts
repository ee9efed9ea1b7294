import { ageOn, dayOf } from '../calendar.ts'
import type { Person } from '../person.ts'
import type { Json, Pen } from './written.ts'

const today = dayOf(2026, 12, 31)

const payers = {
  medicare: ['1', 'Medicare'],
  medicaid: ['2', 'Medicaid'],
  private: ['5', 'Private Health Insurance'],
  none: ['81', 'Self-pay'],
} as const

/** Who pays, by age and draw: the payer typology that the measures' supplemental data read. */
export function writeCoverage(pen: Pen, person: Person): Json {
  const age = ageOn(person.birth, today)
  const draw = person.engagement
  const [code, display] =
    age >= 65 ? payers.medicare : draw < 0.2 ? payers.medicaid : draw > 0.92 ? payers.none : payers.private
  return {
    resourceType: 'Coverage',
    id: `${pen.patientId}-cov`,
    status: 'active',
    type: { coding: [{ system: 'https://nahdo.org/sopt', code, display }], text: display },
    subscriberId: `S${person.enterpriseId}`,
    beneficiary: pen.patient,
    relationship: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship', code: 'self' }],
    },
    period: { start: '2020-01-01' },
    payor: [{ reference: 'Organization/payer', display }],
  }
}
