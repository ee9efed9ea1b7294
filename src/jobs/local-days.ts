import type { Config } from '../base/index.ts'
import { proposeCodeMap, streamMappable } from '../store/index.ts'
import { type ZonedMoment, zonedMoments } from '../terminology/index.ts'
import { invalidMap, type MappingAuthor, type MappingContext } from './code-mapping.ts'

/** A fact whose day near a change of month depends on whose clock is read. */
export interface ZonedFact extends ZonedMoment {
  readonly source: string
  readonly type: string
  readonly id: string
  readonly pid: number | null
}

/** What zones decide: how many facts of how many persons, by source, and each of them. */
export interface ZonedFacts {
  /** The zone of the measurement period. */
  readonly timeZone: string
  readonly sources: readonly {
    readonly source: string
    readonly timeZone: string
    readonly facts: number
    readonly persons: number
  }[]
  readonly facts: readonly ZonedFact[]
}

/**
 * The facts that lie in another month by their source's zone than by that of the measurement period, so that a period that
 * begins or ends there has them by the one and not by the other. Sources that share the period's zone have none.
 */
export async function listZonedFacts({ store }: MappingContext, config: Config): Promise<ZonedFacts> {
  const zones = new Map(
    config.sources.flatMap(({ name, timeZone }) => (timeZone === config.timeZone ? [] : [[name, timeZone] as const])),
  )
  const facts: ZonedFact[] = []
  const session = await store.session.sibling()
  try {
    const asked = { values: [], momentsOf: [...zones.keys()] }
    for await (const lines of zones.size === 0 ? [] : streamMappable(session, asked)) {
      for (const { source, type, pid, raw } of lines) {
        const resource = JSON.parse(raw) as { readonly id?: string }
        const found = zonedMoments(resource, zones.get(source) ?? config.timeZone, config.timeZone)
        facts.push(...found.map((moment) => ({ source, type, id: resource.id ?? '', pid, ...moment })))
      }
    }
  } finally {
    session.close()
  }
  const key = (one: ZonedFact) => `${one.source} ${one.written} ${one.type}/${one.id} ${one.path}`
  const sources = [...zones].map(([source, timeZone]) => {
    const own = facts.filter((fact) => fact.source === source)
    return { source, timeZone, facts: own.length, persons: new Set(own.flatMap(({ pid }) => pid ?? [])).size }
  })
  return { timeZone: config.timeZone, sources, facts: facts.sort((a, b) => (key(a) < key(b) ? -1 : 1)) }
}

/**
 * Proposes that the facts of a source near a change of month count by its own day. Like any map it is shown with its effect,
 * approved, retired and named wherever such a fact is told. Fault `jobs/invalid-map` for a source without a zone of its own.
 */
export function proposeLocalDays(
  { store, clock, user }: MappingAuthor,
  config: Config,
  source: string,
): Promise<number> {
  const known = config.sources.find(({ name }) => name === source)
  const remedy = 'Give the source its timeZone in the configuration (sources[].timeZone).'
  if (known === undefined) throw invalidMap(`Source ${source} is not in the configuration.`, remedy)
  if (known.timeZone === config.timeZone)
    throw invalidMap(`Source ${source} has the zone of the measurement period: nothing would differ.`, remedy)
  const zones = { fromSystem: '', fromValue: known.timeZone, toSystem: '', toCode: config.timeZone, toDisplay: null }
  return proposeCodeMap(store.session, { kind: 'day', source, ...zones }, { by: user, at: clock.now() })
}
