import { defaultConfig, fault, fixedClock, silentLogger } from '../../src/base/index.ts'
import type { Session } from '../../src/duck/index.ts'
import { type Application, listFacts, listUnmapped } from '../../src/jobs/index.ts'
import type { Store } from '../../src/store/index.ts'
import { seedFacts, seedFaults } from './seeded-facts.ts'
import { seededMeasures } from './seeded-measures.ts'
import { openSeededStore } from './seeded-store.ts'

const diabetes = {
  url: 'http://example.org/ValueSet/diabetes',
  version: '2025',
  title: 'Diabetes',
  sha256: 'f'.repeat(64),
  members: [
    {
      system: 'http://hl7.org/fhir/sid/icd-10-cm',
      code: 'E11.9',
      display: 'Type 2 diabetes mellitus without complications',
    },
    {
      system: 'http://hl7.org/fhir/sid/icd-10-cm',
      code: 'E10.9',
      display: 'Type 1 diabetes mellitus without complications',
    },
  ],
}

const never = () => {
  throw fault('bug', 'test/not-for-pages', 'A page evaluated something.')
}

/** An application over a seeded store: pages read and never evaluate. */
export function seededApplication(store: Store): Application {
  return {
    store,
    config: defaultConfig,
    clock: fixedClock('2025-11-22T09:00:00Z'),
    logger: silentLogger,
    measures: seededMeasures,
    valueSets: {
      find: (canonical) => (canonical.split('|')[0] === diabetes.url ? diabetes : undefined),
      all: [diabetes],
    },
    evaluatePerson: never,
    evaluateMeasure: never,
    oneAtATime: (work) => work(),
    evaluateRun: never,
    lookBack: never,
    close: async () => store.close(),
  }
}

/** The same over a store of its own, `change`d first; its lists are made, as by a server that runs for a while. */
export async function openSeededApplication(change?: (session: Session) => Promise<void>): Promise<Application> {
  const store = await openSeededStore()
  await change?.(store.session)
  const application = seededApplication(store)
  await listUnmapped(application)
  await listFacts(application)
  await seedFacts(store.session)
  await seedFaults(store.session)
  return application
}
