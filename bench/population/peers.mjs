// CPU a person and measure, ours by closures, cql-execution with cql-exec-fhir alone (one PatientSource reused, only the
// defines that a measure needs) and fqm-execution, over the same people.
import { PatientSource } from 'cql-exec-fhir'
import { CodeService, DateTime, Expression, Interval, PatientContext, Repository } from 'cql-execution'

import { timeFqm } from './fqm.mjs'

const { unwrap } = await import('../../dist/base/index.js')
const { streamPersonRecords } = await import('../../dist/identity/index.js')
const { evaluateRecord, evaluatorOf, measureDefines } = await import('../../dist/measure/index.js')

const cpuMs = (from) => {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}

export async function comparePeers({ store, chosen, content, people, period, folder }) {
  const records = []
  for await (const record of streamPersonRecords(store.session, { fromPid: 1, toPid: people })) records.push(record)
  const source = PatientSource.FHIRv401()
  // The peer looks a set up by the version that the logic names.
  const members = new Map(content.valueSets.all.map((set) => [set.url, set.members]))
  const versions = {}
  for (const canonical of chosen.flatMap(({ valueSets }) => valueSets)) {
    const [url, version = ''] = canonical.split('|')
    versions[url] = { ...versions[url], [version]: members.get(url) ?? [] }
  }
  const codes = new CodeService(versions)
  const now = new DateTime(Number(period.end.slice(0, 4)), 12, 31, 23, 59, 59, 999, 0)
  const interval = new Interval(new DateTime(Number(period.start.slice(0, 4)), 1, 1, 0, 0, 0, 0, 0), now, true, true)
  const rows = []
  for (const measure of chosen) {
    const evaluator = unwrap(evaluatorOf(measure, content.valueSets, period, 'direct'))
    const { main, libraries } = measure.closure
    const data = Object.fromEntries(libraries.map((library) => [library.identifier.id, { library }]))
    const library = new Repository(data).resolve(main.identifier.id, main.identifier.version)
    const spent = { closures: 0, peer: 0, thrown: 0 }
    for (const record of records) {
      const begin = process.cpuUsage()
      await evaluateRecord(measure, evaluator, record)
      spent.closures += cpuMs(begin)
      const second = process.cpuUsage()
      // One Patient stands for a person of several sources: the peer takes more than one for a fault.
      const others = record.entries.map(({ resource }) => resource).filter((one) => one.resourceType !== 'Patient')
      const entry = [record.patient, ...others].map((resource) => ({ resource }))
      source.reset()
      source.loadBundles([{ resourceType: 'Bundle', entry }])
      const context = new PatientContext(
        library,
        source.currentPatient(),
        codes,
        { 'Measurement Period': interval },
        now,
      )
      for (const define of measureDefines(measure)) {
        const value = context.get(define)
        if (value instanceof Expression) await value.execute(context).catch(() => (spent.thrown += 1))
      }
      spent.peer += cpuMs(second)
    }
    rows.push({ id: measure.id, ...spent })
  }
  const fqm = await timeFqm({ chosen, content, records, period, folder })
  return { people: records.length, rows, fqm: fqm === undefined ? undefined : Object.fromEntries(fqm) }
}
