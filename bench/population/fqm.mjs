// CPU a person and measure by fqm-execution, a peer that makes whole measure reports in TypeScript: installed for this
// bench alone into a folder of its own, and asked for its leanest way, with the ELM that we translated.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const version = '1.8.6'

const cpuMs = (from) => {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}

// It asks for what Node has had since 25.
Uint8Array.fromBase64 ??= (text) => Uint8Array.from(Buffer.from(text, 'base64'))

/** Says why where it cannot be had. */
function installed(folder) {
  const from = process.env.CAREGAP_FQM_EXECUTION ?? join(folder, 'fqm')
  const wanted = createRequire(join(from, 'none.js'))
  try {
    return wanted('fqm-execution')
  } catch {
    execFileSync(
      'npm',
      ['install', '--prefix', from, '--no-audit', '--no-fund', '--ignore-scripts', `fqm-execution@${version}`],
      {
        stdio: 'ignore',
      },
    )
    return wanted('fqm-execution')
  }
}

/** CPU ms of all persons by measure; undefined, with a message, where fqm-execution cannot be installed. */
export async function timeFqm({ chosen, content, records, period, folder }) {
  let fqm
  try {
    fqm = installed(folder)
  } catch (thrown) {
    console.error(`fqm-execution is left out: ${String(thrown.message).split('\n')[0]}`)
    return undefined
  }
  // One Patient stands for a person of several sources.
  const bundles = records.map(({ patient, entries }) => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [patient, ...entries.map(({ resource }) => resource).filter((one) => one.resourceType !== 'Patient')].map(
      (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }),
    ),
  }))
  const spent = new Map()
  for (const measure of chosen) {
    const bundle = measureBundle(measure, content)
    const options = {
      measurementPeriodStart: period.start,
      measurementPeriodEnd: period.end,
      calculateHTML: false,
      calculateSDEs: false,
      calculateClauseCoverage: false,
      disableHTMLOrdering: true,
      trustMetaProfile: false,
      useElmJsonsCaching: true,
    }
    const { results, thrown, cpu } = await calculated(
      (some) => fqm.Calculator.calculate(bundle, some, options),
      bundles,
    )
    spent.set(measure.id, {
      cpu,
      persons: results.length,
      inPopulation: results.filter(isConcerned).length,
      thrown,
    })
  }
  return spent
}

/** So many people at once; where the logic throws for one of them, these one by one, for it throws for all then. */
const peopleAtOnce = 50

async function calculated(calculate, bundles) {
  const found = { results: [], thrown: 0, cpu: 0 }
  const add = async (some) => {
    const begin = process.cpuUsage()
    const { results } = await calculate(some)
    found.cpu += cpuMs(begin)
    found.results.push(...results)
  }
  for (let start = 0; start < bundles.length; start += peopleAtOnce) {
    const some = bundles.slice(start, start + peopleAtOnce)
    try {
      await add(some)
    } catch {
      for (const one of some) await add([one]).catch(() => (found.thrown += 1))
    }
  }
  return found
}

const isConcerned = ({ detailedResults = [] }) =>
  detailedResults.some(({ populationResults = [] }) =>
    populationResults.some(({ populationType, result }) => populationType === 'initial-population' && result),
  )

const canonical = (name) => `http://example.org/Library/${name}`

/** The measure with its libraries, translated and without annotations, and its value sets expanded. */
function measureBundle(measure, content) {
  const { main, libraries } = measure.closure
  const library = (elm) => ({
    resourceType: 'Library',
    id: elm.identifier.id,
    url: canonical(elm.identifier.id),
    name: elm.identifier.id,
    version: elm.identifier.version,
    status: 'active',
    type: { coding: [{ code: 'logic-library' }] },
    relatedArtifact: (elm.includes?.def ?? []).map(({ path, version: own }) => ({
      type: 'depends-on',
      resource: `${canonical(path.split('/').at(-1))}${own === undefined ? '' : `|${own}`}`,
    })),
    content: [
      { contentType: 'application/elm+json', data: Buffer.from(JSON.stringify({ library: elm })).toString('base64') },
    ],
  })
  // A set that only supplemental data read need not be at hand to install a measure; the peer asks for each that is declared.
  const members = new Map(content.valueSets.all.map((set) => [set.url, set.members]))
  const sets = measure.valueSets.map((canonical) => {
    const [url, version] = canonical.split('|')
    const contains = (members.get(url) ?? []).map(({ system, code }) => ({ system, code }))
    const named = version === undefined ? { url } : { url, version }
    return { resourceType: 'ValueSet', ...named, status: 'active', expansion: { contains } }
  })
  const { resource } = measure
  const root = { ...resource, library: [canonical(main.identifier.id)] }
  const all = [root, ...libraries.map(library), ...sets]
  return { resourceType: 'Bundle', type: 'collection', entry: all.map((one) => ({ resource: one })) }
}
