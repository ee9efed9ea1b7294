import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultConfig, projectRoot } from '../../src/base/index.ts'
import { checkServiceCases, loadPlans } from '../../src/cards/index.ts'
import { loadContent } from '../../src/content/index.ts'
import { newFolder } from '../ingest/written-export.ts'

test('the cases of a folder of one’s own are run: one that does not hold, and one that cannot be read, are told by file', async () => {
  const folder = newFolder()
  const own = join(folder, 'own-screening')
  cpSync(join(projectRoot, 'cds', 'diabetes-screening'), own, { recursive: true })
  const change = (file: string, from: string, to: string) =>
    writeFileSync(join(own, file), readFileSync(join(own, file), 'utf8').replaceAll(from, to))
  change('plan.json', '"diabetes-screening"', '"own-screening"')
  change('plan.json', 'PlanDefinition/diabetes-screening', 'PlanDefinition/own-screening')
  const { valueSets } = await loadContent({ ids: [] })
  const config = { ...defaultConfig.cds, folders: [folder] }
  const load = () => loadPlans({ folders: [folder], valueSets })
  const before = await checkServiceCases((await load()).plans, config)
  expect(before).toMatchObject([{ code: 'cards/cases-hold' }])
  change('cases/due.json', 'BMI', 'weight')
  writeFileSync(join(own, 'cases', 'age-34.json'), '{"title": 1}')
  const after = await checkServiceCases((await load()).plans, config)
  const [held = 0] = before.map(({ message }) => Number(message.split(' ')[0]))
  expect(after).toMatchObject([
    {
      severity: 'error',
      place: { file: join(own, 'cases', 'age-34.json') },
      message: expect.stringContaining('cannot be read') as string,
    },
    {
      severity: 'error',
      place: { file: join(own, 'cases', 'due.json') },
      message: expect.stringContaining('and it says') as string,
    },
    { message: `${held - 2} cases of CDS services hold.` },
  ])
})
