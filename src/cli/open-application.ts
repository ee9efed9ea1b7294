import { createLogger, formatDiagnostic, type Logger, systemClock } from '../base/index.ts'
import { loadDrugIngredients, loadPlans } from '../cards/index.ts'
import { loadContent } from '../content/index.ts'
import { createApplication } from '../jobs/index.ts'
import { openStore, type Store } from '../store/index.ts'
import type { Invocation, OpenedApplication } from './command.ts'

/** Events as JSON lines on stderr; commands speak for themselves, so only warnings and errors of the inside. */
export const commandLogger = (): Logger => createLogger((line) => void process.stderr.write(line), 'warn')

/** Buffers of DuckDB for a command that loads: blocks of text on their way stand beside them. */
export const loadingMemoryMb = 1000

/**
 * The store of a command: the file, with so much memory for buffers where that is not as usual, or, within a server, a
 * session of its own on what the server has open.
 */
export async function openCommandStore(
  { held, databasePath }: Invocation,
  memory: { readonly memoryLimitMb?: number } = {},
): Promise<Store> {
  if (held === undefined) return openStore({ path: databasePath, ...memory })
  const { store } = held.application
  const session = await store.database.connect()
  return { ...store, session, close: () => session.close() }
}

/** Work that a server does one after the other; at once where no server runs the command. */
export function inTurn<T>({ held }: Invocation, work: () => Promise<T>): Promise<T> {
  return held === undefined ? work() : held.application.oneAtATime(work)
}

/** Opens store and content for a command, with remarks on measures that were refused. The caller closes it. */
export async function openApplication(invocation: Invocation, store?: Store): Promise<OpenedApplication> {
  const { held } = invocation
  if (held !== undefined) {
    const own = await openCommandStore(invocation)
    const close = async () => own.close()
    return { ...held.application, store: own, close }
  }
  const opened = store ?? (await openStore({ path: invocation.databasePath }))
  try {
    const { terminology, modelInfos, acceptedValueSets, profiles } = invocation.config
    const { session } = opened
    const content = await loadContent({ terminology, modelInfos, acceptedValueSets, profiles, session })
    for (const diagnostic of content.terminology) {
      if (diagnostic.severity === 'error') invocation.note(formatDiagnostic(diagnostic))
    }
    for (const { id, diagnostics } of content.refused) {
      invocation.note(`Measure ${id} is refused:`)
      for (const diagnostic of diagnostics) invocation.note(`  ${formatDiagnostic(diagnostic)}`)
    }
    const { measures, refused, valueSets } = content
    const { config } = invocation
    const { folders, services: settings, ingredientMaps } = config.cds
    const services = await loadPlans({ folders, packaged: content.plans, valueSets, settings, profiles })
    for (const { id, diagnostics } of services.refused) {
      invocation.note(`CDS service ${id} is refused:`)
      for (const diagnostic of diagnostics) invocation.note(`  ${formatDiagnostic(diagnostic)}`)
    }
    const { ingredients, remarks } = await loadDrugIngredients(session, ingredientMaps)
    for (const diagnostic of remarks) invocation.note(formatDiagnostic(diagnostic))
    const application = await createApplication({
      store: opened,
      config,
      clock: systemClock,
      logger: commandLogger(),
      measures,
      refused,
      valueSets,
      composites: content.composites,
      plans: services.plans,
      ingredients,
    })
    return { ...application, refused }
  } catch (thrown) {
    opened.close()
    throw thrown
  }
}
