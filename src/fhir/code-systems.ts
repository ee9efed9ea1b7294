/**
 * One URI per code system. The same system comes under several names: an OID where data passed through HL7 v2 or
 * C-CDA, `https` for `http`, a retired URI. Left is what everything is folded to; the HL7 registry's name (THO).
 */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'http://snomed.info/sct': [
    'urn:oid:2.16.840.1.113883.6.96',
    'http://snomed.info/id',
    'http://snomed.info/sct/731000124108',
  ],
  'http://loinc.org': ['urn:oid:2.16.840.1.113883.6.1'],
  'http://hl7.org/fhir/sid/icd-10-cm': [
    'urn:oid:2.16.840.1.113883.6.90',
    'http://terminology.hl7.org/CodeSystem/icd10CM',
  ],
  'http://www.cms.gov/Medicare/Coding/ICD10': [
    'urn:oid:2.16.840.1.113883.6.4',
    'http://hl7.org/fhir/sid/icd-10-pcs',
    'http://terminology.hl7.org/CodeSystem/icd10PCS',
  ],
  'http://hl7.org/fhir/sid/icd-9-cm': [
    'urn:oid:2.16.840.1.113883.6.103',
    'http://terminology.hl7.org/CodeSystem/icd9cm',
  ],
  'http://www.nlm.nih.gov/research/umls/rxnorm': ['urn:oid:2.16.840.1.113883.6.88'],
  'http://hl7.org/fhir/sid/cvx': ['urn:oid:2.16.840.1.113883.12.292', 'http://terminology.hl7.org/CodeSystem/CVX'],
  'http://hl7.org/fhir/sid/ndc': ['urn:oid:2.16.840.1.113883.6.69'],
  'http://www.ama-assn.org/go/cpt': ['urn:oid:2.16.840.1.113883.6.12', 'http://terminology.hl7.org/CodeSystem/CPT'],
  'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': [
    'urn:oid:2.16.840.1.113883.6.285',
    'urn:oid:2.16.840.1.113883.6.14',
    'http://www.nlm.nih.gov/research/umls/hcpcs',
    'http://terminology.hl7.org/CodeSystem/HCPCS',
    'http://www.cms.gov/Medicare/Coding/MedHCPCSGenInfo',
  ],
  'http://unitsofmeasure.org': ['urn:oid:2.16.840.1.113883.6.8'],
  'urn:oid:2.16.840.1.113883.6.238': ['http://terminology.hl7.org/CodeSystem/CDCREC'],
}

const canonicalOf = new Map<string, string>()
for (const [canonical, names] of Object.entries(aliases)) {
  for (const name of [canonical, ...names]) canonicalOf.set(withoutScheme(name), canonical)
}

/** The one URI of a code system; a URI that the table does not know comes back as it is. */
export function foldSystem(uri: string): string {
  const known = folded.get(uri)
  if (known !== undefined) return known
  const found = canonicalOf.get(withoutScheme(uri)) ?? uri
  // Data may name any number of systems.
  if (folded.size >= mostFolded) folded.clear()
  folded.set(uri, found)
  return found
}

/** What was told before: each coding of each record asks, and there are few systems. */
const folded = new Map<string, string>()
const mostFolded = 1000

// https and a slash at the end are the commonest slips; neither tells two code systems apart.
function withoutScheme(uri: string): string {
  return uri.replace(/^https?:\/\//, '//').replace(/\/$/, '')
}
