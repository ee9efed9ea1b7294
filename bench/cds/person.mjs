// Made people for the load of CDS Hooks, and the bodies by which an EHR calls for them.

export const hook = 'patient-view'
const uuid = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea'

const at = (day) => `2026-0${1 + (day % 5)}-1${day % 9}T09:00:00Z`
const icd = (code) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] })
const status = (system, code) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] })
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))

/** A person of 40 resources with diabetes and hypertension; `n` tells persons apart, and whether an A1c is there. */
export function person(n) {
  const subject = { reference: `Patient/p${n}` }
  return [
    { resourceType: 'Patient', id: `p${n}`, birthDate: '1966-03-14', gender: 'male' },
    ...many(10, (i) => ({
      resourceType: 'Encounter',
      id: `e${i}`,
      status: 'finished',
      subject,
      type: [{ coding: [{ system: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', code: 'G0439' }] }],
      class: { code: 'AMB' },
      period: { start: at(i), end: at(i) },
    })),
    ...['E11.9', 'I10', 'E78.5', 'J45.909'].map((code, i) => ({
      resourceType: 'Condition',
      id: `c${i}`,
      subject,
      code: icd(code),
      clinicalStatus: status('condition-clinical', 'active'),
      verificationStatus: status('condition-ver-status', 'confirmed'),
      category: [status('condition-category', 'encounter-diagnosis')],
      onsetDateTime: '2019-05-01',
    })),
    ...many(19, (i) => ({
      resourceType: 'Observation',
      id: `o${i}`,
      status: 'final',
      subject,
      code: {
        coding: [
          {
            system: 'http://loinc.org',
            code: i === 0 && n % 2 === 0 ? '4548-4' : i % 3 === 0 ? '2339-0' : i % 3 === 1 ? '39156-5' : '29463-7',
          },
        ],
      },
      effectiveDateTime: at(i),
      valueQuantity: { value: i === 0 ? 9.8 : 30, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
    })),
    ...many(6, (i) => ({
      resourceType: 'MedicationRequest',
      id: `m${i}`,
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: '2026-02-01',
      medicationCodeableConcept: {
        text: [
          'metformin 500 mg',
          'lisinopril 10 mg',
          'aspirin 81 mg',
          'albuterol',
          'omeprazole 20 mg',
          'sertraline 50 mg',
        ][i],
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: `${860975 + i}`, display: 'x' }],
      },
    })),
  ]
}

export function bodyFor(n, templates) {
  const resources = person(n)
  const prefetch = Object.fromEntries(
    Object.entries(templates).map(([key, template]) => {
      const type = template.split(/[/?]/)[0]
      const found = resources.filter(({ resourceType }) => resourceType === type)
      if (type === 'Patient') return [key, found[0]]
      return [
        key,
        {
          resourceType: 'Bundle',
          type: 'searchset',
          total: found.length,
          entry: found.map((resource) => ({ resource })),
        },
      ]
    }),
  )
  return JSON.stringify({
    hook,
    hookInstance: uuid,
    context: { userId: 'Practitioner/a', patientId: `p${n}` },
    prefetch,
  })
}

/** A call about a patient of whom the EHR has nothing to send: the rest is stored where it calls. */
export function bodyForStored(patient, templates, fhirServer) {
  const prefetch = Object.fromEntries(
    Object.entries(templates).map(([key, template]) => [key, template.startsWith('Patient/') ? patient : null]),
  )
  return JSON.stringify({
    hook,
    hookInstance: uuid,
    fhirServer,
    context: { userId: 'Practitioner/a', patientId: patient.id },
    prefetch,
  })
}
