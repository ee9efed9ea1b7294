import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig, projectRoot, silentLogger, silentProgress, unwrap } from '../../src/base/index.ts'
import { addPackage, loadContent } from '../../src/content/index.ts'
import { createApplication, loadData } from '../../src/jobs/index.ts'
import { openStore, resultLines } from '../../src/store/index.ts'
import { bundleFile, clock } from './package-kit.ts'
import { isPublishedThere, publishedPackage, testData } from './published-content.ts'

const published = 'CMS122FHIRDiabetesAssessGreaterThan9Percent'
const own = 'glycemic-status'
const demo = join(projectRoot, 'datasets', 'demo')

describe.skipIf(!isPublishedThere)('published logic over plain EHR data, which names no profiles', () => {
  test('finds the same people as our own measure, which asks for none', { timeout: 300_000 }, async () => {
    const store = await openStore({ path: ':memory:' })
    const context = { session: store.session }
    for (const path of [join(testData, 'modelinfo'), bundleFile(publishedPackage(published))]) {
      unwrap(await addPackage(path, context, clock))
    }
    const config = loadConfig(join(demo, 'caregap.config.json'))
    await loadData(store, { path: demo, config, progress: silentProgress })
    const { measures, refused, valueSets } = await loadContent({ session: store.session })
    const options = { store, config, clock, logger: silentLogger, measures, refused, valueSets, workers: 0 }
    const application = await createApplication(options)
    const period = { start: '2026-01-01', end: '2026-12-31', timeZone: config.timeZone }
    const run = await application.evaluateRun({ measures: [published, own], period }, silentProgress)
    const found = new Map<string, Map<number, string>>()
    for await (const { measure, person, populations, error } of resultLines(store.session, run)) {
      const people = found.get(measure) ?? new Map<number, string>()
      found.set(measure, people.set(person, JSON.stringify(error?.code ?? populations)))
    }
    const [theirs, ours] = [found.get(published), found.get(own)]
    expect(ours?.size).toBeGreaterThan(1000)
    const members = [...(ours ?? [])].filter(([, text]) => text.includes('"initial-population":1'))
    expect(members.length).toBeGreaterThan(100)
    expect([...(ours ?? [])].filter(([person, text]) => theirs?.get(person) !== text)).toEqual([])
    store.close()
  })
})
