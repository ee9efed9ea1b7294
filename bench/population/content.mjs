// What a population is evaluated by: published measures where CAREGAP_PUBLISHED_CONTENT names a folder with `cql` and
// `measure` (and CAREGAP_TEST_DATA one with `ecqm/valuesets.ndjson.gz` and `modelinfo`), else the project's own.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from '../../bin/setup.mjs'
import { publishedBundles } from '../published-bundle.mjs'

/** The five of APP Plus, by the number that their ids hold. */
const appPlus = /^CMS(122|125|130|165|2)FHIR/

const published = process.env.CAREGAP_PUBLISHED_CONTENT ?? ''
export const isPublished = published !== '' && existsSync(join(published, 'measure'))
const testData = process.env.CAREGAP_TEST_DATA ?? resolve(root, '..', 'shared', 'data')

/** Installs what the store does not have yet; gives all measures, the five first. */
export async function installContent(store) {
  const { loadContent, addPackage } = await import('../../dist/content/index.js')
  if (!isPublished) return { content: await loadContent(), isOfFive: () => true }
  const { systemClock } = await import('../../dist/base/index.js')
  const context = { session: store.session }
  const ids = readdirSync(join(published, 'measure')).map((file) => file.replace(/\.json$/, ''))
  const known = new Set((await loadContent(context)).measures.map((measure) => measure.id))
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0) {
    const folder = mkdtempSync(join(tmpdir(), 'caregap-content-'))
    try {
      await added(addPackage(join(testData, 'modelinfo'), context, systemClock))
      const bundleOf = publishedBundles(published, testData)
      for (const id of missing) {
        const file = join(folder, `${id}.json`)
        writeFileSync(file, JSON.stringify(bundleOf(id)))
        await added(addPackage(file, context, systemClock))
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return { content: await loadContent({ ...context, ids }), isOfFive: ({ id }) => appPlus.test(id) }
}

async function added(adding) {
  const result = await adding
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
}
