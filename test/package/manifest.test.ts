import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { addPackage, checkManifest, loadContent } from '../../src/content/index.ts'
import { bundleFile, clock, emptyContext, library, logic, measure } from './package-kit.ts'

// A version manifest is held against what an installed measure reads.

const set = {
  resourceType: 'ValueSet',
  id: 'set',
  url: 'http://x/ValueSet/set',
  version: '20250101',
  status: 'active',
  expansion: {
    parameter: [
      { name: 'version', valueUri: 'http://loinc.org|2.78' },
      { name: 'activeOnly', valueBoolean: true },
    ],
    contains: [
      { system: 'http://loinc.org', version: '2.78', code: '1' },
      { system: 'http://snomed.info/sct', code: '2' },
    ],
  },
}

interface Said {
  readonly artifacts?: readonly string[]
  readonly parameters?: readonly object[]
  readonly more?: object
}

const manifest = ({ artifacts = [], parameters = [], more = {} }: Said, version = '1') => ({
  resourceType: 'Library',
  id: `manifest-${version}`,
  url: 'http://x/Library/manifest',
  version,
  status: 'active',
  type: { coding: [{ code: 'asset-collection' }] },
  contained: [{ resourceType: 'Parameters', id: 'exp', parameter: parameters }],
  extension: [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/cqf-expansionParameters',
      valueReference: { reference: '#exp' },
    },
  ],
  relatedArtifact: artifacts.map((resource) => ({ type: 'depends-on', resource })),
  ...more,
})

/** What the check of a manifest says of the measure: code and message. */
async function check(manifests: readonly object[], canonical = 'http://x/Library/manifest') {
  const { store, context } = await emptyContext()
  try {
    const content = [
      measure('M', '1.0.0', 'http://x/Library/Logic'),
      library('Logic', '1.0.0', logic('Logic', '1.0.0')),
      set,
    ]
    unwrap(await addPackage(bundleFile(content, 'content.json'), context, clock))
    for (const [index, one] of manifests.entries()) {
      unwrap(await addPackage(bundleFile([one], `manifest-${index}.json`), context, clock))
    }
    const { measures, valueSets } = await loadContent({ session: store.session, ids: ['M'] })
    expect(measures.map(({ id }) => id)).toEqual(['M'])
    const checked = await checkManifest(store.session, canonical, measures, valueSets)
    return checked.ok ? [] : checked.diagnostics.map(({ code, message }) => `${code}: ${message}`)
  } finally {
    store.close()
  }
}

const said = (parts: Said) => check([manifest(parts)])
const setUrl = 'http://x/ValueSet/set'
const system = (valueString: string, name = 'system-version') => ({ name, valueString })

test('a manifest of what the measure reads is no matter, nor what it says of other content', async () => {
  const artifacts = [
    'http://x/Measure/M|1.0.0',
    'http://x/Library/Logic|1.0.0',
    `${setUrl}|20250101`,
    'http://x/ValueSet/other|7',
    'http://x/Library/Other|7',
    setUrl,
  ]
  const parameters = [
    system('http://loinc.org|2.78'),
    system('urn:oid:2.16.840.1.113883.6.1|2.78', 'force-system-version'),
    system('http://x/unused|1'),
    system(`${setUrl}|20250101`, 'default-valueset-version'),
    { name: 'canonicalVersion', valueUri: 'http://x/Measure/M|1.0.0' },
    { name: 'activeOnly', valueBoolean: true },
    { name: 'includeDesignations', valueBoolean: true },
  ]
  expect(await said({ artifacts, parameters })).toEqual([])
})

test.each([
  ['a measure', { artifacts: ['http://x/Measure/M|2.0.0'] }, 'with 1.0.0'],
  ['a library', { artifacts: ['http://x/Library/Logic|2.0.0'] }, 'with 1.0.0'],
  ['a value set', { artifacts: [`${setUrl}|20240101`] }, 'with 20250101'],
  ['a value set by a parameter', { parameters: [system(`${setUrl}|1`, 'force-valueset-version')] }, 'with 20250101'],
  ['a code system', { parameters: [system('http://loinc.org|2.80')] }, 'with 2.78'],
  ['a code system among artifacts', { artifacts: ['http://loinc.org|2.80'] }, 'with 2.78'],
])('another version of %s differs', async (_, parts, end) => {
  const [only, ...others] = await said(parts)
  expect(others).toEqual([])
  expect(only).toMatch(/^content\/manifest-differs: The manifest wants /)
  expect(only).toContain(end)
})

test.each([
  ['the version of a code system', { parameters: [system('http://snomed.info/sct|2025')] }],
  ['a parameter of expansions', { parameters: [{ name: 'activeOnly', valueBoolean: false }] }],
  ['a parameter that is not known', { parameters: [{ name: 'includeDraft', valueBoolean: true }] }],
  ['what is not in it', { more: { contained: [] } }],
])('%s that nothing tells of is no agreement', async (_, parts) => {
  const found = await said(parts)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^content\/manifest-unknown: /)
})

test('a manifest that is not installed, is none, or is there in several versions', async () => {
  expect(await check([])).toMatchObject([expect.stringMatching(/^content\/no-manifest: /)])
  const two = [manifest({}, '1'), manifest({}, '2')]
  expect(await check(two)).toMatchObject([
    expect.stringMatching(/^content\/several-manifests: .*manifest\|1 of .*manifest\|2 of/),
  ])
  expect(await check(two, 'http://x/Library/manifest|2')).toEqual([])
  expect(await check([], 'http://x/Library/Logic')).toMatchObject([
    expect.stringMatching(/no-manifest: .*is no manifest/),
  ])
})
