import type { Resource } from '../../fhir/index.ts'

/** An order that the page can draft, to see what is said to it. */
export interface EhrOrder {
  readonly id: string
  readonly label: string
}

/** Medications by name, as a clinician would pick them. */
export const ehrOrders: readonly EhrOrder[] = [
  { id: 'oxycodone', label: 'Oxycodone 5 mg tablet' },
  { id: 'lorazepam', label: 'Lorazepam 1 mg tablet' },
  { id: 'sildenafil', label: 'Sildenafil 50 mg tablet' },
  { id: 'nitroglycerin', label: 'Nitroglycerin 0.4 mg sublingual tablet' },
  { id: 'simvastatin', label: 'Simvastatin 40 mg tablet' },
  { id: 'clarithromycin', label: 'Clarithromycin 500 mg tablet' },
]

/** The orders as drafts of a patient, as order-sign brings them. */
export function draftsOf(chosen: readonly string[], patientId: string): Resource {
  const entry = ehrOrders
    .filter(({ id }) => chosen.includes(id))
    .map(({ id, label }) => ({
      resource: {
        resourceType: 'MedicationRequest',
        id: `draft-${id}`,
        status: 'draft',
        intent: 'order',
        medicationCodeableConcept: { text: label },
        subject: { reference: `Patient/${patientId}` },
      },
    }))
  return { resourceType: 'Bundle', type: 'collection', entry }
}
