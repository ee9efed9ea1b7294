// The load on a CDS Hooks server, in a process of its own: node bench/cds/load.mjs '{"base": ..., ...}', forked by bench/cds.mjs.
import { Agent, request } from 'node:http'
import { bodyFor, bodyForStored, hook } from './person.mjs'

const print = (name, text) => console.log(`${name.padEnd(40)} ${text}`)
const kept = new Agent({ keepAlive: true, maxSockets: 64 })

function post(url, body, agent = kept) {
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
    sent.on('error', (thrown) => (sent.reusedSocket ? resolve(post(url, body, agent)) : reject(thrown)))
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
async function paced(url, bodies, rate, seconds) {
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

const clean = (text) => text.replaceAll(/"uuid":"[^"]*"/g, '').replaceAll(/"factsAsOf":"[^"]*"/g, '')

/** Asks the server's process to do something, and waits for what it says. */
function ask(kind, more = {}) {
  return new Promise((resolve) => {
    process.once('message', resolve)
    process.send({ kind, ...more })
  })
}

/** Prints what a scenario gave, with the CPU time of the server for each call. */
async function scenario(name, seconds, send) {
  await ask('start')
  const answers = await send()
  const { cpuMs, delay, load } = await ask('end')
  print(
    name,
    `${told(answers, seconds)}  ${(cpuMs / answers.length).toFixed(1)} ms CPU a call, event loop late p99 ${delay.p99} ms most ${delay.most} ms, load ${load}`,
  )
}

async function leaks(url, all, requests) {
  // Who has an A1c is told by the number: an answer that holds the facts of another would say the wrong thing.
  const alone = []
  for (const body of all) alone.push(clean((await post(url, body)).text))
  let wrong = 0
  await ask('memory', { done: 0 })
  const step = 64 * Math.ceil(requests / 64 / 10)
  for (let done = 0; done < requests; done += 64) {
    const batch = await Promise.all(Array.from({ length: 64 }, (_, n) => post(url, all[(done + n) % all.length])))
    wrong += batch.filter(({ text }, n) => clean(text) !== alone[(done + n) % all.length]).length
    if (done > 0 && done % step === 0) await ask('memory', { done })
  }
  await ask('memory', { done: requests })
  print('answers that differ from alone', `${wrong} of ${requests}, 64 at a time`)
}

/** More calls at once than the server takes: the rest is told so at once, and the next call is taken again. */
async function flood(url, body, calls) {
  const many = new Agent({ keepAlive: false })
  const answers = await Promise.all(Array.from({ length: calls }, () => post(url, body, many)))
  const count = (code) => answers.filter(({ status: one }) => one === code).length
  const after = await post(url, body)
  print(`${calls} calls at once`, `200: ${count(200)}  503: ${count(503)}  then: ${after.status}`)
}

const { base, seconds, requests, only, fhirServer, patients } = JSON.parse(process.argv[2])
const isWanted = (name) => only.length === 0 || only.includes(name)
const { services } = await (await fetch(`${base}/cds-services`)).json()
const used = services.filter((one) => one.hook === hook)
const urlOf = (one) => `${base}/cds-services/${one.id}`
const bodies = (one) => Array.from({ length: 50 }, (_, n) => bodyFor(n, one.prefetch))
for (const one of used) {
  await closed(urlOf(one), bodies(one), 2, 3)
  if (isWanted('steady')) await scenario(`${one.id}, 20/s`, seconds, () => paced(urlOf(one), bodies(one), 20, seconds))
}
const [gaps] = used
const url = urlOf(gaps)
const all = bodies(gaps)
if (isWanted('stored')) {
  // The EHR sends the Patient, and says that it has none of all else: what counts is stored here.
  const stored = patients.map((patient) => bodyForStored(patient, gaps.prefetch, fhirServer))
  await closed(url, stored, 2, 3)
  await scenario('care gaps of stored records, 20/s', seconds, () => paced(url, stored, 20, seconds))
}
if (isWanted('fast')) {
  await scenario('care gaps, 100/s', seconds, () => paced(url, all, 100, seconds))
  await scenario('care gaps, as fast as eight clients can', seconds, () => closed(url, all, 8, seconds))
  await scenario('care gaps, sixty-four clients', seconds, () => closed(url, all, 64, seconds))
}
if (isWanted('night')) {
  await ask('night')
  await scenario('care gaps, 20/s while runs are made', seconds, () => paced(url, all, 20, seconds))
  const { runs } = await ask('day')
  print('runs meanwhile', String(runs))
}
if (isWanted('flood')) await flood(url, all[0], 600)
if (isWanted('leaks')) await leaks(url, all, requests)
process.exit(0)
