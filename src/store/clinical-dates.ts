/**
 * Dates of things that have happened or were written down, which can therefore not lie after the load: by type, the JSON paths of
 * their elements. What is planned (an appointment, a goal, the end of a coverage) is not among them.
 */
export const clinicalDates: Readonly<Record<string, readonly string[]>> = {
  AdverseEvent: ['date', 'detected', 'recordedDate'],
  AllergyIntolerance: ['onsetDateTime', 'recordedDate', 'lastOccurrence'],
  ClinicalImpression: ['effectiveDateTime', 'date'],
  Communication: ['sent', 'received'],
  Composition: ['date'],
  Condition: ['onsetDateTime', 'onsetPeriod.start', 'recordedDate'],
  DeviceRequest: ['authoredOn'],
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod.start', 'issued'],
  DocumentReference: ['date'],
  Encounter: ['period.start'],
  ExplanationOfBenefit: ['created', 'billablePeriod.start'],
  FamilyMemberHistory: ['date', 'bornDate', 'deceasedDate'],
  Immunization: ['occurrenceDateTime', 'recorded'],
  MedicationAdministration: ['effectiveDateTime', 'effectivePeriod.start'],
  MedicationDispense: ['whenPrepared', 'whenHandedOver'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: ['effectiveDateTime', 'effectivePeriod.start', 'dateAsserted'],
  Observation: ['effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued'],
  Patient: ['birthDate', 'deceasedDateTime'],
  Procedure: ['performedDateTime', 'performedPeriod.start'],
  QuestionnaireResponse: ['authored'],
  RelatedPerson: ['birthDate'],
  ServiceRequest: ['authoredOn'],
  Specimen: ['collection.collectedDateTime', 'receivedTime'],
}

/** Statuses of what is yet to come: its dates may lie ahead. */
export const statusesAhead: readonly string[] = ['planned', 'preparation', 'not-done']
