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
            operation: [
              {
                name: 'evaluate-measure',
                definition: 'http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure',
                documentation:
                  'periodStart, periodEnd, subject (Patient/<source>/<id>, Patient/<source>.<id> or Person/<key>), reportType (subject, subject-list, population). Population reports come from the last published run of that period.',
              },
            ],
          },
        ],
      },
    ],
  }
}
