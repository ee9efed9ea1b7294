/**
 * The elements that can have a column, and have one where logic reads them, per resource type: what US Core 6.1 and
 * QI-Core 6.0 mark must-support or key, for the types that quality measures read. A choice is named without `[x]` and gets a column per kind, or per kind named
 * after a colon; a datatype named without further path brings its own elements; a backbone element brings those that
 * are named below it. One text per type, the paths separated by white space.
 */
export const typedPaths: Readonly<Record<string, string>> = {
  AdverseEvent: 'actuality category event date detected recordedDate seriousness severity outcome encounter',
  AllergyIntolerance: `
    clinicalStatus verificationStatus type category criticality code encounter onset recordedDate lastOccurrence
    reaction.substance reaction.manifestation reaction.onset reaction.severity`,
  Appointment: `
    status cancelationReason serviceCategory serviceType appointmentType reasonCode priority start end created
    participant.type participant.actor participant.status`,
  BodyStructure: 'active morphology location locationQualifier',
  CarePlan: 'status intent category period encounter created author addresses',
  CareTeam: 'status category period encounter participant.role participant.member participant.period',
  Claim: `
    status type use billablePeriod created provider diagnosis.sequence diagnosis.diagnosis diagnosis.type
    diagnosis.onAdmission procedure.sequence procedure.type procedure.date procedure.procedure item.sequence
    item.diagnosisSequence item.procedureSequence item.revenue item.productOrService item.serviced item.location
    item.encounter`,
  ClaimResponse: `
    status type use created insurer requestor request outcome disposition item.itemSequence error.code`,
  ClinicalImpression: `
    status statusReason code encounter effective date assessor previous problem investigation.code
    finding.itemCodeableConcept finding.itemReference`,
  Communication:
    'status statusReason category basedOn medium topic encounter sent received recipient sender reasonCode',
  CommunicationRequest: 'status statusReason category doNotPerform encounter occurrence authoredOn reasonCode',
  Condition: `
    clinicalStatus verificationStatus category severity code bodySite encounter onset abatement recordedDate
    recorder asserter`,
  Consent:
    'status scope category dateTime policyRule provision.type provision.period provision.action provision.purpose',
  Coverage: 'status type subscriberId beneficiary relationship period payor class.type class.value class.name order',
  DetectedIssue: 'status code severity identified author implicated evidence.code mitigation.action mitigation.date',
  Device: 'status type expirationDate manufactureDate udiCarrier.deviceIdentifier',
  DeviceRequest:
    'status intent priority code encounter occurrence authoredOn requester performer reasonCode reasonReference',
  DeviceUseStatement: 'status timing recordedOn device reasonCode bodySite',
  DiagnosticReport:
    'status category code encounter effective issued performer resultsInterpreter result conclusionCode basedOn',
  DocumentReference: 'status docStatus type category date author context.encounter context.period context.event',
  Encounter: `
    status class type serviceType priority period length reasonCode reasonReference participant.type
    participant.period participant.individual diagnosis.condition diagnosis.use diagnosis.rank
    hospitalization.admitSource hospitalization.dischargeDisposition location.location location.status
    location.period serviceProvider partOf statusHistory.status statusHistory.period appointment episodeOfCare`,
  EpisodeOfCare: 'status type period managingOrganization careManager',
  ExplanationOfBenefit: `
    status type use billablePeriod created insurer provider outcome diagnosis.sequence diagnosis.diagnosis
    diagnosis.type procedure.sequence procedure.type procedure.date procedure.procedure item.sequence item.revenue
    item.productOrService item.serviced item.location item.encounter`,
  FamilyMemberHistory: 'status relationship sex date condition.code condition.onset',
  Flag: 'status category code period encounter',
  Goal: `
    lifecycleStatus achievementStatus category description start statusDate target.measure target.detail
    target.due`,
  ImagingStudy: `
    status modality encounter started basedOn referrer interpreter procedureReference procedureCode location
    reasonCode reasonReference numberOfSeries series.uid series.modality series.bodySite series.laterality
    series.started`,
  Immunization: `
    status statusReason vaccineCode encounter occurrence recorded primarySource location site route doseQuantity
    performer.function performer.actor reasonCode isSubpotent protocolApplied.targetDisease
    protocolApplied.doseNumber`,
  ImmunizationEvaluation: `
    status date authority targetDisease immunizationEvent doseStatus doseStatusReason series doseNumber
    seriesDoses`,
  ImmunizationRecommendation: `
    date authority recommendation.vaccineCode recommendation.targetDisease recommendation.contraindicatedVaccineCode
    recommendation.forecastStatus recommendation.forecastReason`,
  Location: 'status operationalStatus name mode type physicalType managingOrganization partOf',
  Medication: 'code status form ingredient.item ingredient.strength',
  MedicationAdministration: `
    status statusReason category medication context effective reasonCode request dosage.route dosage.dose
    dosage.rate`,
  MedicationDispense: `
    status statusReason category medication context authorizingPrescription type quantity daysSupply
    whenPrepared whenHandedOver dosageInstruction`,
  MedicationRequest: `
    status statusReason intent category priority doNotPerform reported medication encounter authoredOn requester
    recorder reasonCode reasonReference dosageInstruction dispenseRequest.validityPeriod
    dispenseRequest.numberOfRepeatsAllowed dispenseRequest.quantity dispenseRequest.expectedSupplyDuration`,
  MedicationStatement: 'status statusReason category medication context effective dateAsserted reasonCode dosage',
  NutritionOrder: 'status intent encounter dateTime excludeFoodModifier oralDiet.type enteralFormula.baseFormulaType',
  Observation: `
    status category code focus encounter effective issued performer value dataAbsentReason interpretation
    bodySite method specimen device referenceRange.low referenceRange.high hasMember derivedFrom partOf basedOn
    component.code component.value:Quantity|CodeableConcept|string|boolean|integer|Range
    component.dataAbsentReason component.interpretation`,
  Organization: 'active type name identifier partOf',
  Patient: `
    active gender birthDate deceased maritalStatus communication.language generalPractitioner
    managingOrganization link.other link.type`,
  Practitioner: 'active identifier qualification.code',
  PractitionerRole: 'active period practitioner organization code specialty location',
  Procedure: `
    status statusReason category code encounter performed recorder asserter performer.function performer.actor
    location reasonCode reasonReference bodySite outcome usedCode usedReference basedOn partOf`,
  QuestionnaireResponse: 'status questionnaire encounter authored author source',
  RelatedPerson: 'active relationship period',
  RiskAssessment: `
    status basedOn method code encounter occurrence condition performer reasonCode reasonReference basis
    prediction.outcome prediction.probability prediction.qualitativeRisk prediction.relativeRisk prediction.when`,
  ServiceRequest: `
    status intent category priority doNotPerform code quantity encounter occurrence authoredOn requester
    performerType performer reasonCode reasonReference bodySite replaces`,
  Specimen: 'status type receivedTime collection.collected collection.bodySite',
  Substance: 'status category code',
  SupplyDelivery: 'status type basedOn suppliedItem.item suppliedItem.quantity occurrence supplier destination',
  Task: `
    basedOn status statusReason intent priority code focus encounter executionPeriod authoredOn lastModified
    owner reasonCode reasonReference`,
  VisionPrescription: `
    status created encounter dateWritten prescriber lensSpecification.product lensSpecification.eye`,
}
