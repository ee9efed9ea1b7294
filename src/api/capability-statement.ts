import type { Resource } from '../fhir/index.ts'

/** What the FHIR face of this server can do (R4). `date`: when it started, ISO text. */
export function capabilityStatement(date: string, version: string): Resource {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'caregap', version },
    implementation: { description: 'Quality measures and care gaps over the loaded sources.' },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          {
            type: 'Measure',
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            searchParam: [
              { name: '_id', type: 'token' },
              { name: 'url', type: 'uri' },
            ],
            operation: operations,
          },
          { type: 'MeasureReport', interaction: [{ code: 'read' }] },
          {
            type: 'ConceptMap',
            interaction: [{ code: 'read' }, { code: 'search-type' }, { code: 'create' }],
            documentation:
              'caregap-approved and caregap-proposed; what is sent becomes proposals, which somebody approves.',
          },
          {
            type: 'Library',
            operation: [
              {
                name: 'data-requirements',
                definition: 'http://hl7.org/fhir/OperationDefinition/Library-data-requirements',
                documentation: 'target (on the type).',
              },
            ],
          },
        ],
      },
    ],
  }
}

const operations = [
  {
    name: 'evaluate-measure',
    definition: 'http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure',
    documentation:
      'On the type (measure) and on a Measure, by GET and POST: periodStart, periodEnd, subject (Patient/<source>/<id>, Group/<source>/<id>, Person/<key>), subjectGroup, practitioner, reportType (subject, subject-list, population). One person is evaluated now, everything else is what the newest finished run of that period says; with Prefer: respond-async it is evaluated anew. lastReceivedOn is refused.',
  },
  {
    name: 'data-requirements',
    definition: 'http://hl7.org/fhir/OperationDefinition/Measure-data-requirements',
    documentation: 'periodStart, periodEnd, measure (on the type).',
  },
  {
    name: 'care-gaps',
    definition: 'http://hl7.org/fhir/us/davinci-deqm/OperationDefinition/care-gaps',
    documentation:
      'DEQM US 5.0.0: periodStart, periodEnd, status, subject, subjectGroup, practitioner, organization, organizationResource, measureId, measureIdentifier, measureUrl, measure, measureResource (an installed one), topic, program, parameters (values of the logic: Boolean, Integer, Decimal, String, Quantity), manifest (that agrees with what is installed), isDocument; also with Prefer: respond-async, in files of NDJSON or (_outputFormat=application/fhir+json) as a Bundle. nonDocument is refused.',
  },
  {
    name: 'collect-data',
    definition: 'http://hl7.org/fhir/us/davinci-deqm/OperationDefinition/collect-data',
    documentation:
      'DEQM US 5.0.0: periodStart, periodEnd, measureId, measureIdentifier, measureUrl, measure, subject, subjectGroup, practitioner. lastReceivedOn, organizationResource, measureResource and validateResources are refused.',
  },
]
