// How fast CDS Hooks answers, over loopback, with the load made by a process of its own:
//   node bench/cds.mjs [seconds=20] [requests for the memory test=5000]
import { fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { setUp } from '../bin/setup.mjs'

const hook = 'patient-view'
const uuid = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea'
const print = (name, text) => console.log(`${name.padEnd(34)} ${text}`)

const at = (day) => `2026-0${1 + (day % 5)}-1${day % 9}T09:00:00Z`
const icd = (code) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] })
const status = (system, code) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] })
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))

/** A person of 40 resources with diabetes and hypertension; `n` tells persons apart, and whether an A1c is there. */
function person(n) {
  const subject = { reference: `Patient/p${n}` }
  return [
    { resourceType: 'Patient', id: `p${n}`, birthDate: '1966-03-14', gender: 'male' },
    ...many(10, (i) => ({
      resourceType: 'Encounter',
      id: `e${i}`,
      status: 'finished',
      subject,
      type: [{ coding: [{ system: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', code: 'G0439' }] }],
      class: { code: 'AMB' },
      period: { start: at(i), end: at(i) },
    })),
    ...['E11.9', 'I10', 'E78.5', 'J45.909'].map((code, i) => ({
      resourceType: 'Condition',
      id: `c${i}`,
      subject,
      code: icd(code),
      clinicalStatus: status('condition-clinical', 'active'),
      verificationStatus: status('condition-ver-status', 'confirmed'),
      category: [status('condition-category', 'encounter-diagnosis')],
      onsetDateTime: '2019-05-01',
    })),
    ...many(19, (i) => ({
      resourceType: 'Observation',
      id: `o${i}`,
      status: 'final',
      subject,
      code: {
        coding: [
          {
            system: 'http://loinc.org',
            code: i === 0 && n % 2 === 0 ? '4548-4' : i % 3 === 0 ? '2339-0' : i % 3 === 1 ? '39156-5' : '29463-7',
          },
        ],
      },
      effectiveDateTime: at(i),
      valueQuantity: { value: i === 0 ? 9.8 : 30, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
    })),
    ...many(6, (i) => ({
      resourceType: 'MedicationRequest',
      id: `m${i}`,
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: '2026-02-01',
      medicationCodeableConcept: {
        text: [
          'metformin 500 mg',
          'lisinopril 10 mg',
          'aspirin 81 mg',
          'albuterol',
          'omeprazole 20 mg',
          'sertraline 50 mg',
        ][i],
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: `${860975 + i}`, display: 'x' }],
      },
    })),
  ]
}

function bodyFor(n, templates) {
  const resources = person(n)
  const prefetch = Object.fromEntries(
    Object.entries(templates).map(([key, template]) => {
      const type = template.split(/[/?]/)[0]
      const found = resources.filter(({ resourceType }) => resourceType === type)
      if (type === 'Patient') return [key, found[0]]
      return [
        key,
        {
          resourceType: 'Bundle',
          type: 'searchset',
          total: found.length,
          entry: found.map((resource) => ({ resource })),
        },
      ]
    }),
  )
  return JSON.stringify({
    hook,
    hookInstance: uuid,
    context: { userId: 'Practitioner/a', patientId: `p${n}` },
    prefetch,
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function post(url, body) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            ms: performance.now() - started,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    // A kept connection may be closed by the server in the moment in which it is used again.
    sent.on('error', (thrown) => (sent.reusedSocket ? resolve(post(url, body)) : reject(thrown)))
    sent.end(body)
  })
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0

function told(answers, seconds) {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const faults = answers.filter(({ status: code }) => code !== 200).length
  const quantileText = (q) => `${quantile(sorted, q).toFixed(1)} ms`
  return `${(answers.length / seconds).toFixed(0)}/s  p50 ${quantileText(0.5)}  p95 ${quantileText(0.95)}  p99 ${quantileText(0.99)}  most ${(sorted.at(-1) ?? 0).toFixed(1)} ms  not 200: ${faults}`
}

/** Sends at a fixed rate whatever the answers do: a slow one does not slow the next down. */
async function open(url, bodies, rate, seconds) {
  const pending = []
  const started = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const wait = started + (n * 1000) / rate - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    pending.push(post(url, bodies[n % bodies.length]))
  }
  return Promise.all(pending)
}

async function closed(url, bodies, clients, seconds) {
  const answers = []
  const end = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let n = client; performance.now() < end; n += clients)
        answers.push(await post(url, bodies[n % bodies.length]))
    }),
  )
  return answers
}

const bodies = (one) => Array.from({ length: 50 }, (_, n) => bodyFor(n, one.prefetch))
const clean = (text) => text.replaceAll(/"uuid":"[^"]*"/g, '').replaceAll(/"factsAsOf":"[^"]*"/g, '')

async function load({ base, seconds, requests }) {
  const { services } = await (await fetch(`${base}/cds-services`)).json()
  const used = services.filter((one) => one.hook === hook)
  for (const one of used) {
    const url = `${base}/cds-services/${one.id}`
    const all = bodies(one)
    await closed(url, all, 2, 3)
    print(one.id, `20 requests/s for ${seconds} s: ${told(await open(url, all, 20, seconds), seconds)}`)
  }
  const gaps = used[0]
  const url = `${base}/cds-services/${gaps.id}`
  const all = bodies(gaps)
  print('as fast as eight clients can', told(await closed(url, all, 8, seconds), seconds))
  print('sixty-four clients', told(await closed(url, all, 64, seconds), seconds))
  // Who has an A1c is told by the number: an answer that holds the facts of another would say the wrong thing.
  const alone = []
  for (const body of all) alone.push(clean((await post(url, body)).text))
  let leaks = 0
  process.send({ kind: 'memory' })
  for (let done = 0; done < requests; done += 64) {
    const batch = await Promise.all(Array.from({ length: 64 }, (_, n) => post(url, all[(done + n) % all.length])))
    leaks += batch.filter(({ text }, n) => clean(text) !== alone[(done + n) % all.length]).length
    if (done % (64 * Math.ceil(requests / 64 / 5)) === 0) process.send({ kind: 'memory', done })
  }
  print('answers that differ from alone', `${leaks} of ${requests}, 64 at a time`)
  process.send({ kind: 'memory', done: requests })
}

if (process.argv[2] === 'load') {
  await load(JSON.parse(process.argv[3]))
  process.exit(0)
}

setUp()
const { defaultConfig, silentLogger, systemClock } = await import('../dist/base/index.js')
const { loadPlans } = await import('../dist/cards/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { createApplication } = await import('../dist/jobs/index.js')
const { openStore } = await import('../dist/store/index.js')
const { startServer } = await import('../dist/api/index.js')

const seconds = Number(process.argv[2] ?? 20)
const requests = Number(process.argv[3] ?? 5000)
const store = await openStore({ path: ':memory:' })
const content = await loadContent()
const { plans } = await loadPlans({ valueSets: content.valueSets })
const { measures, valueSets } = content
const config = { ...defaultConfig, cds: { ...defaultConfig.cds, snoozeDays: 1 } }
const application = await createApplication({
  store,
  config,
  clock: systemClock,
  logger: silentLogger,
  measures,
  valueSets,
  plans,
})
const server = await startServer({ application, port: 0 })
print('machine', `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`)
print('logic', `${measures.length} measures, ${plans.length} services; a person of 40 resources`)
const base = `http://127.0.0.1:${server.port}`
const child = fork(new URL(import.meta.url).pathname, ['load', JSON.stringify({ base, seconds, requests })])
child.on('message', ({ done }) => {
  const { rss, heapUsed } = process.memoryUsage()
  print(
    done === undefined ? 'memory before' : `memory after ${done} requests`,
    `${(rss / 1e6).toFixed(0)} MB, heap ${(heapUsed / 1e6).toFixed(0)} MB`,
  )
})
const code = await new Promise((resolve) => child.on('exit', resolve))
await server.close()
await application.close()
process.exit(code ?? 0)
