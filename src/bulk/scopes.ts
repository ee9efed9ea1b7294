/** What is known of the scopes that a server takes. */
export interface ScopeSupport {
  readonly capabilities: readonly string[]
  readonly scopes: readonly string[]
}

/**
 * The version of scopes to ask for. Where both are offered, v1: servers exist that offer v2 and refuse it.
 */
export function scopeVersion({ capabilities, scopes }: ScopeSupport): 'v1' | 'v2' {
  const v1 = capabilities.includes('permission-v1') || scopes.some((scope) => /^system\/[^.]+\.read$/.test(scope))
  const v2 = capabilities.includes('permission-v2') || scopes.some((scope) => /^system\/[^.]+\.c?ru?d?s$/.test(scope))
  return v2 && !v1 ? 'v2' : 'v1'
}

/** The scopes for some types; for every type where none are named. */
export function scopesFor(types: readonly string[] | undefined, version: 'v1' | 'v2'): string[] {
  return (types ?? ['*']).map((type) => `system/${type}.${version === 'v1' ? 'read' : 'rs'}`)
}

/**
 * The types asked for that the granted scopes do not cover as a whole (`*` where every type was asked for). A v2
 * scope that is limited by a query covers only a part, so it does not count.
 */
export function missingTypes(types: readonly string[] | undefined, granted: string): string[] {
  const scopes = granted.split(/\s+/)
  return (types ?? ['*']).filter((type) => !scopes.some((scope) => covers(scope, type)))
}

function covers(scope: string, type: string): boolean {
  const [, of, rights = ''] = /^system\/([A-Za-z]+|\*)\.([a-z*]+)$/.exec(scope) ?? []
  if (of === undefined || (of !== '*' && of !== type)) return false
  return rights === 'read' || rights === '*' || /^c?ru?d?s$/.test(rights)
}
