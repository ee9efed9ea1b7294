import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { cqlSource, readCqlFolders, readModelInfo, translate } from '../../src/elm/index.ts'

const data = join(process.env['CAREGAP_TEST_DATA'] ?? resolve(projectRoot, '../shared/data'), 'modelinfo')
const isThere = existsSync(data)
if (!isThere) console.log(`model-info: skipped, there is no ${data}`)

const cacheDir = mkdtempSync(join(tmpdir(), 'caregap-model-'))
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }))

describe.skipIf(!isThere)('models of published packages', () => {
  test('CQL over QI-Core is translated with the model infos that are given', async () => {
    const models = ['qicore-modelinfo-6.0.0.xml.gz', 'uscore-modelinfo-6.1.0.xml.gz'].map((file) =>
      readModelInfo(join(data, file)),
    )
    expect(models.map(({ name, version }) => `${name} ${version}`)).toEqual(['QICore 6.0.0', 'USCore 6.1.0'])
    const sources = [
      cqlSource(`library Labs version '1'
using QICore version '6.0.0'
include FHIRHelpers version '4.0.1' called FHIRHelpers
context Patient
define Results: [LaboratoryResultObservation] R where R.status = 'final'`),
      ...readCqlFolders([join(projectRoot, 'cql')]),
    ]
    const closure = unwrap(await translate({ name: 'Labs', sources, models, cacheDir }))
    const results = closure.main.statements?.def.find(({ name }) => name === 'Results')
    expect(JSON.stringify(results?.expression)).toContain('qicore-observation-lab')

    const without = await translate({ name: 'Labs', sources, cacheDir })
    expect(without.diagnostics.map(({ code }) => code)).toEqual(['elm/missing-model'])
  })
})
