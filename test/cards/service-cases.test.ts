import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultConfig, fixedClock, formatDiagnostic, projectRoot } from '../../src/base/index.ts'
import { type CdsService, createQuiet, createServices, type LoadedPlans, loadPlans } from '../../src/cards/index.ts'
import { loadContent } from '../../src/content/index.ts'
import { answerCase, caseRequest, type ServiceCase } from './service-case.ts'

// Every case of every shipped service: the cards that it gives, and no others; each is a valid card.

const folder = join(projectRoot, 'cds')
const services = readdirSync(folder).sort()

let loaded: LoadedPlans
beforeAll(async () => {
  const { valueSets } = await loadContent({ ids: [] })
  loaded = await loadPlans({ valueSets })
}, 120_000)

test('every shipped service is loaded', () => {
  expect(loaded.refused.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic))).toEqual([])
  expect(loaded.plans.map(({ plan }) => plan.id)).toEqual(services)
})

/** The services of all plans at a moment. */
function servicesAt(now: string): readonly CdsService[] {
  return createServices({
    engine: { measures: [], clock: fixedClock(now), evaluatePerson: () => Promise.resolve({ gaps: [] }) },
    plans: loaded.plans,
    config: defaultConfig.cds,
    timeZone: 'UTC',
    quiet: createQuiet(90),
  }).services
}

describe.each(services)('%s', (id) => {
  const cases = join(folder, id, 'cases')
  test.each(readdirSync(cases).sort())('%s', async (file) => {
    const read = JSON.parse(readFileSync(join(cases, file), 'utf8')) as ServiceCase
    const service = servicesAt(read.now).find((one) => one.id === `${id}-${read.hook}`)
    if (service === undefined) throw new RangeError(`${id} is not on ${read.hook}`)
    expect(await answerCase(service, read), read.title).toEqual(read.expected)
  })
})

test.each([
  ['sildenafil-with-nitroglycerin.json', 'FDA labels of both drugs, contraindications and warnings (DailyMed)'],
  ['both-ordered.json', 'High-priority drug-drug interactions for EHRs (JAMIA 2012)'],
])('K5: the card of %s cites what its pair rests on', async (file, label) => {
  const read = JSON.parse(readFileSync(join(folder, 'severe-drug-pairs', 'cases', file), 'utf8')) as ServiceCase
  const service = servicesAt(read.now).find((one) => one.id === `severe-drug-pairs-${read.hook}`)
  const answer = await service?.answer(caseRequest(service, read), { site: 'test' })
  expect(answer?.kind === 'cards' && answer.cards.map(({ source }) => source.label)).toEqual([label])
})

test('a card of statins tells which prescriptions were not known, for one of them may be a statin', async () => {
  const read = JSON.parse(readFileSync(join(folder, 'statin-use', 'cases', 'treated-man.json'), 'utf8')) as ServiceCase
  const taken = {
    resourceType: 'MedicationRequest',
    id: 'x',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    authoredOn: read.now.slice(0, 10),
    medicationCodeableConcept: { text: 'heart <b>tablets</b>' },
  }
  const service = servicesAt(read.now).find((one) => one.id === 'statin-use-patient-view')
  const detailOf = async (facts: ServiceCase['facts']) => {
    const answer = await service?.answer(caseRequest(service, { ...read, facts }), { site: 'test' })
    return answer?.kind === 'cards' ? answer.cards[0]?.detail : undefined
  }
  expect(await detailOf(read.facts)).not.toContain('is not known')
  expect(await detailOf([...read.facts, taken])).toMatch(
    /What some prescriptions contain is not known.*heart &lt;b&gt;tablets/,
  )
})
