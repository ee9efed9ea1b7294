import { afterAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure, MeasureGroup } from '../../src/content/index.ts'
import type { PersonRecord, RecordEntry, Resource } from '../../src/fhir/index.ts'
import { findNearMisses, type NearMiss } from '../../src/gaps/index.ts'
import { type Standing, standingOf } from '../../src/gaps/standing.ts'
import { streamPersonRecords } from '../../src/identity/index.ts'
import { evaluateRecord, evaluatorOf, type PersonEvaluator } from '../../src/measure/index.ts'
import { readPidRange } from '../../src/store/index.ts'
import { loadPublished } from '../package/official-cases.ts'
import { isPublishedThere, publishedMeasures } from '../package/published-content.ts'

// The mutation test of near misses on published measures and their cases: one thing is broken in the record of somebody
// who meets the measure, or whom it counts at least; where that makes the result worse, it must be named as the near miss, and
// its repair flips it back. Measures whose score has no numerator ask nothing of anybody, and have no case to break.

if (!isPublishedThere) console.log('near misses: skipped; they want test data, and CAREGAP_PUBLISHED_CONTENT')

/** So many breaks of a kind are tried for a measure: each is a search of its own. */
const mostOfKind = Number(process.env['CAREGAP_BROKEN_RESOURCES'] ?? 3)

const local = { coding: [{ system: 'urn:lab', code: 'LAB123' }] }
const finalStates: Readonly<Record<string, string>> = { Observation: 'preliminary', DiagnosticReport: 'preliminary' }

const has = (resource: Resource, name: string): boolean => resource[name] !== undefined

/** Years earlier, in every date that the resource holds. */
const earlier = (resource: Resource): Resource =>
  JSON.parse(
    JSON.stringify(resource).replaceAll(
      /"(\d{4})(-\d{2}-\d{2})/g,
      (_, year: string, rest: string) => `"${Number(year) - 12}${rest}`,
    ),
  ) as Resource

/** What is broken, by the kind of near miss that it must be named as; undefined where there is nothing to break. */
const breaks: Readonly<Record<string, (resource: Resource) => Resource | undefined>> = {
  'date-outside': (resource) => (resource.resourceType === 'Coverage' ? undefined : earlier(resource)),
  'no-unit': (resource) => {
    const quantity = resource['valueQuantity'] as { readonly value?: number } | undefined
    return quantity === undefined ? undefined : { ...resource, valueQuantity: { value: quantity.value } }
  },
  'not-final': (resource) => {
    const status = finalStates[resource.resourceType]
    return status === undefined ? undefined : { ...resource, status }
  },
  'unmapped-code': (resource) =>
    resource.resourceType !== 'Encounter' && has(resource, 'code') ? { ...resource, code: local } : undefined,
  'wrong-encounter': (resource) =>
    resource.resourceType === 'Encounter' && has(resource, 'type') ? { ...resource, type: [local] } : undefined,
}

interface Bench {
  readonly measure: InstalledMeasure
  readonly group: MeasureGroup
  readonly evaluator: PersonEvaluator
}

async function standing({ measure, group, evaluator }: Bench, record: PersonRecord): Promise<Standing | undefined> {
  const { groups, error } = await evaluateRecord(measure, evaluator, record)
  const counts = groups.find(({ groupId }) => groupId === group.id)
  return error !== undefined || counts === undefined ? undefined : standingOf(group, counts)
}

const withResource = (record: PersonRecord, broken: RecordEntry, resource: Resource): PersonRecord => ({
  ...record,
  entries: record.entries.map((entry) => (entry === broken ? { ...entry, resource } : entry)),
})

/** From standings that may be broken to those that are worse. */
const worse: Readonly<Record<string, readonly string[]>> = {
  closed: ['open', 'not-applicable'],
  open: ['not-applicable'],
}

const rows: string[] = []
afterAll(() => {
  if (rows.length > 0) console.log(rows.join('\n'))
})

describe.skipIf(!isPublishedThere)('near misses of published measures', () => {
  test.each(publishedMeasures())('%s', { timeout: 900_000 }, async (id) => {
    const { store, content, period } = await loadPublished(id)
    try {
      const [measure] = content.measures
      const group = measure?.groups[0]
      const range = await readPidRange(store.session)
      if (measure === undefined || group === undefined || range === undefined) throw new RangeError(`${id} has cases`)
      const { valueSets } = content
      const bench = { measure, group, evaluator: unwrap(evaluatorOf(measure, valueSets, period, 'direct')) }
      const tried = new Map<string, number>()
      const missing: string[] = []
      let isAsked = false
      for await (const record of streamPersonRecords(store.session, range)) {
        const whole = await standing(bench, record)
        if (whole === undefined || worse[whole.status] === undefined) continue
        isAsked = true
        for (const entry of record.entries.filter(({ type }) => type !== 'Patient')) {
          for (const [kind, breakIt] of Object.entries(breaks)) {
            if ((tried.get(kind) ?? 0) >= mostOfKind) continue
            const resource = breakIt(entry.resource)
            if (resource === undefined) continue
            const broken = withResource(record, entry, resource)
            const now = await standing(bench, broken)
            if (now === undefined || worse[whole.status]?.includes(now.status) !== true) continue
            tried.set(kind, (tried.get(kind) ?? 0) + 1)
            const { misses } = await findNearMisses({ measure, groupId: group.id, valueSets, period, record: broken })
            const named = misses.some(
              (miss: NearMiss) => miss.kind === kind && miss.fact.type === entry.type && miss.fact.id === entry.id,
            )
            if (!named)
              missing.push(
                `${kind} of ${entry.type}/${entry.id}, now ${now.status}: ${misses.map((miss) => `${miss.kind} ${miss.fact.id}`).join(', ')}`,
              )
          }
        }
      }
      rows.push(`${id}: ${[...tried].map(([kind, n]) => `${n} ${kind}`).join(', ') || 'nobody meets it by one fact'}`)
      // A measure that asks something of the people of its cases, and of whom nothing could be broken, would show nothing.
      expect([id, tried.size > 0]).toEqual([id, isAsked])
      expect(missing).toEqual([])
    } finally {
      store.close()
    }
  })
})
