import { isDeepStrictEqual } from 'node:util'
import type { InstalledMeasure } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { ChosenMeasures } from './measure-named.ts'

/** What servers and tools write into a resource anew: it says nothing of what the measure counts. */
const ofTheServer = new Set(['id', 'meta', 'text'])

const parameter = 'measureResource'

/**
 * The installed measures that Measures in a request are. A Measure names its logic and value sets and does not bring them:
 * so one is taken where it is installed here with the same content, and else refused.
 */
export function measuresGiven(installed: readonly InstalledMeasure[], given: readonly Resource[]): ChosenMeasures {
  const measures: InstalledMeasure[] = []
  for (const [index, resource] of given.entries()) {
    const found = measureGiven(installed, resource, given.length > 1 ? `${parameter} ${index + 1}` : parameter)
    if (!found.ok) return found
    measures.push(...found.measures)
  }
  return { ok: true, measures }
}

function measureGiven(installed: readonly InstalledMeasure[], resource: Resource, name: string): ChosenMeasures {
  const { url, version } = resource
  if (typeof url !== 'string' || url === '') {
    return refuse(400, 'required', `${name}: Measure.url is required.`, 'Give the Measure its canonical.')
  }
  const known = installed.filter((one) => one.url === url)
  const [same, ...others] = known.filter((one) => version === undefined || one.version === version)
  if (same === undefined) {
    const versions = known.map((one) => one.version).join(', ')
    const here = versions === '' ? '' : `; of its url these versions are: ${versions}`
    return refuse(
      404,
      'not-found',
      `${name}: the Measure is not installed here${here}. Its logic and value sets do not come with it.`,
      'Install it with both: caregap package add PATH.',
    )
  }
  if (others.length > 0) {
    const message = `${name}: several versions of the Measure are installed, and it names none (Measure.version).`
    return refuse(400, 'multiple-matches', message, 'Give the Measure its version.')
  }
  const different = differences(same.resource, resource)
  if (different.length === 0) return { ok: true, measures: [same] }
  return refuse(
    409,
    'conflict',
    `${name}: the Measure is installed here with other content. These elements differ: ${different.join(', ')}.`,
    `Send it as GET /fhir/Measure/${same.id} gives it, or install yours under a version of its own.`,
  )
}

/** Elements that differ; what a Measure has no element for is not quoted. */
function differences(installed: Resource, given: Resource): readonly string[] {
  const names = [...new Set([...Object.keys(installed), ...Object.keys(given)])].filter(
    (name) => !ofTheServer.has(name),
  )
  const different = names.filter((name) => !isDeepStrictEqual(installed[name], given[name]))
  return [...new Set(different.map((name) => (/^_?[a-zA-Z]{1,40}$/.test(name) ? name : 'an unknown one')))].sort()
}

function refuse(
  status: Exclude<ChosenMeasures, { ok: true }>['status'],
  code: 'required' | 'not-found' | 'multiple-matches' | 'conflict',
  message: string,
  remedy: string,
): ChosenMeasures {
  const diagnostic = { code: 'api/measure', message, remedy }
  return { ok: false, status, issue: { code, diagnostic, expression: [parameter] } }
}
