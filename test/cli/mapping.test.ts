import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { runCommandLine } from '../../src/cli/main.ts'
import { observation, patient } from '../ingest/written-export.ts'
import { bundleFile, folderOf, library, measure, scratch, valueSet } from '../package/package-kit.ts'

const db = join(scratch, 'mapping.duckdb')

async function caregap(...args: readonly string[]) {
  let stdout = ''
  let stderr = ''
  const output = { stdout: (text: string) => void (stdout += text), stderr: (text: string) => void (stderr += text) }
  const code = await runCommandLine([...args, '--db', db], output)
  return { code, stdout, stderr }
}

const logic = [
  "library Logic version '1.0.0'",
  "using FHIR version '4.0.1'",
  "include FHIRHelpers version '4.0.1' called FHIRHelpers",
  `valueset "Set": 'http://x/ValueSet/set'`,
  'context Patient',
  'define "In": exists [Observation: "Set"]',
].join('\n')
const local = { system: 'urn:hill:lab', code: 'ONE', display: 'The one' }
const conceptMap = {
  resourceType: 'ConceptMap',
  url: 'http://x/ConceptMap/hill',
  group: [
    {
      source: local.system,
      target: 'http://loinc.org',
      element: [
        { code: local.code, target: [{ code: '1', equivalence: 'equivalent' }] },
        { code: 'OTHER', target: [{ code: '99', equivalence: 'equivalent' }] },
      ],
    },
  ],
}

test('the ConceptMap of a package becomes proposals; effect, approval and the next run, by the commands', async () => {
  const people = [patient('a'), observation('1', 'a', { code: { coding: [local] } })]
  const data = folderOf({ 'all.ndjson': people.map((one) => `${JSON.stringify(one)}\n`).join('') })
  expect((await caregap('ingest', data, '--source', 'hill')).code).toBe(0)
  const parts = [
    measure('M', '1.0.0', 'http://x/Library/Logic'),
    library('Logic', '1.0.0', logic),
    library('FHIRHelpers', '4.0.1', readFileSync(join(projectRoot, 'cql', 'FHIRHelpers.cql'), 'utf8')),
    valueSet(['1']),
    conceptMap,
  ]
  expect(await caregap('package', 'add', bundleFile(parts))).toMatchObject({ code: 0, stderr: '' })
  const evaluate = ['evaluate', '--measure', 'M', '--period', '2026-01-01..2026-12-31', '--json']
  const counted = async () => {
    const { stdout } = await caregap(...evaluate)
    return (JSON.parse(stdout) as { scorecard: readonly { counts: Record<string, number> }[] }).scorecard[0]?.counts
  }
  expect(await counted()).toMatchObject({ initialPopulation: 0, persons: 1 })
  expect((await caregap('mapping', 'list', '--all')).stdout).toContain('urn:hill:lab|ONE "The one"')

  const proposed = await caregap('mapping', 'propose', '--package', 'M')
  expect(proposed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^1 maps are proposed, 1 were left out\./) as string,
  })
  expect(proposed.stderr).toContain('No installed measure reads http://loinc.org|99')
  const file = join(scratch, 'again.json')
  writeFileSync(file, JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: conceptMap }] }))
  expect(JSON.parse((await caregap('mapping', 'propose', '--file', file, '--json')).stdout)).toMatchObject({
    mapIds: [1],
  })

  const shown = await caregap('mapping', 'approve', '1')
  expect(shown.stdout).toContain('M g: no score -> no score (initial-population 0 -> 1)')
  expect(shown.stdout).toContain('Nothing is changed yet')
  expect(await counted()).toMatchObject({ initialPopulation: 0 })
  expect((await caregap('mapping', 'approve', '1', '--yes', '--by', 'ana@hill')).code).toBe(0)
  expect(await counted()).toMatchObject({ initialPopulation: 1 })
  expect(JSON.parse((await caregap('mapping', 'export')).stdout)).toMatchObject({
    resourceType: 'ConceptMap',
    group: [
      {
        source: local.system,
        element: [
          {
            code: 'ONE',
            target: [
              { code: '1', comment: expect.stringMatching(/^map 1, version 1, approved by ana@hill on \d/) as string },
            ],
          },
        ],
      },
    ],
  })
  expect((await caregap('mapping', 'maps')).stdout).toMatch(
    /^1  approved  .* -> http:\/\/loinc\.org\|1  proposed by \S+ at \S+  approved by ana@hill at \d{4}-\S+Z\n$/,
  )
  expect((await caregap('mapping', 'retire', '1', '--by', 'two words')).code).toBe(2)
  const compared = await caregap('results', '--compare', '2', '3', '--json')
  expect(JSON.parse(compared.stdout)).toMatchObject({
    changes: [{ population: 'initial-population', change: 'in', causes: ['code-mapping'] }],
  })
})

test('a file that is no ConceptMap, and a package without one, are refused with a line', async () => {
  const file = join(scratch, 'patient.json')
  writeFileSync(file, JSON.stringify(patient('a')))
  expect(await caregap('mapping', 'propose', '--file', file)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('patient.json: There is no ConceptMap here.') as string,
  })
  expect(await caregap('mapping', 'propose', '--file', join(scratch, 'nowhere.json'))).toMatchObject({ code: 3 })
  expect(await caregap('mapping', 'propose', '--package', 'gone')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('No installed package gone holds a ConceptMap') as string,
  })
  expect((await caregap('mapping', 'propose')).code).toBe(2)
})
