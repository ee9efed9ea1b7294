import type { Result } from '../../base/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { isObject } from '../../fhir/index.ts'
import { bindValueSets } from './bind-value-sets.ts'
import { labelOf } from './dependencies.ts'
import { measureLogic } from './package-logic.ts'
import type { PackagedValueSets } from './packaged-value-sets.ts'
import type { Shelf } from './shelf.ts'

/** A PlanDefinition of a package that is to be called by a hook, with the logic of its package. Nothing of it is checked. */
export interface PackagedPlan {
  readonly id: string
  /** `name|version`. */
  readonly package: string
  readonly file: string
  readonly resource: unknown
  /** The logic of a library canonical, with the value sets of the package. Failure: those of `measureLogic`. */
  logic(canonical: string): Promise<Result<LibraryClosure>>
}

/**
 * The plans of all packages that name an event by which they are called; others (an order set, a protocol) are no services.
 * One id in several packages means that of the package which was added last.
 */
export function packagedPlans(shelf: Shelf, packaged: PackagedValueSets, cacheDir?: string): readonly PackagedPlan[] {
  const plans = new Map<string, PackagedPlan>()
  for (const owner of shelf.packages) {
    for (const { type, url, file, body } of owner.resources) {
      const resource: unknown = type === 'PlanDefinition' ? JSON.parse(body) : undefined
      if (!isObject(resource) || !isCalled(resource)) continue
      const id = typeof resource['id'] === 'string' ? resource['id'] : url
      plans.set(id, {
        id,
        package: labelOf(owner),
        file,
        resource,
        async logic(canonical) {
          const made = await measureLogic(shelf, owner, canonical, cacheDir)
          return made.ok ? { ...made, value: bindValueSets(made.value, owner, packaged) } : made
        },
      })
    }
  }
  return [...plans.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function isCalled(plan: Readonly<Record<string, unknown>>): boolean {
  const triggers = listOf(plan['action']).flatMap((action) => listOf(action['trigger']))
  return triggers.some(({ type }) => type === 'named-event')
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isObject) : []
